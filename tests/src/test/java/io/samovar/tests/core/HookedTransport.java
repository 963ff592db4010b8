package io.samovar.tests.core;

import io.samovar.transport.Transport;
import io.samovar.transport.TransportContext;
import io.samovar.transport.TransportProvider;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/** A transport that has something done inside each poll, as sockets' listeners do. */
record HookedTransport(TransportProvider of, Runnable listener) implements TransportProvider {
    @Override
    public String name() {
        return of.name();
    }

    @Override
    public int priority() {
        return of.priority();
    }

    @Override
    public @Nullable Throwable unavailabilityCause() {
        return of.unavailabilityCause();
    }

    @Override
    public Transport open(TransportContext context) {
        Transport real = of.open(context);
        return (Transport) Proxy.newProxyInstance(
                Transport.class.getClassLoader(), new Class<?>[] {Transport.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("poll")) {
                        listener.run();
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                });
    }
}
