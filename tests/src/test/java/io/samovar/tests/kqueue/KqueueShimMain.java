package io.samovar.tests.kqueue;

import java.lang.reflect.InvocationTargetException;

/** Runs the echo server's command line on the kqueue shim. */
public final class KqueueShimMain {
    private KqueueShimMain() {}

    /**
     * Installs the shim and starts the echo server.
     *
     * @param args the echo server's
     * @throws Throwable what the echo server's main throws
     */
    public static void main(String[] args) throws Throwable {
        KqueueShim.install();
        try {
            Class.forName("io.samovar.echo.Main")
                    .getMethod("main", String[].class)
                    .invoke(null, (Object) args);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
