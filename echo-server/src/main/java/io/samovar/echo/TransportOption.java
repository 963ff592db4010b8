package io.samovar.echo;

import io.samovar.transport.TransportProvider;
import io.samovar.transport.Transports;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The option that chooses a transport. */
final class TransportOption {
    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // set by picocli before anything runs
    private CommandSpec command;

    @Option(
            names = "--transport",
            paramLabel = "NAME",
            defaultValue = "${sys:" + Transports.PROPERTY + ":-" + Transports.AUTO + "}",
            description = "How to wait for sockets: auto, epoll, kqueue or nio; auto takes the best that works here."
                    + " Default: ${DEFAULT-VALUE}.")
    private String name = Transports.AUTO;

    /**
     * The transport that was asked for.
     *
     * @throws ParameterException if there is none of this name
     * @throws io.samovar.transport.TransportUnavailableException if it cannot be used here
     */
    TransportProvider select() {
        String wanted = name.strip().toLowerCase(Locale.ROOT);
        List<String> known = new ArrayList<>(List.of(Transports.AUTO));
        Transports.installed().forEach(provider -> known.add(provider.name()));
        if (!known.contains(wanted)) {
            throw new ParameterException(
                    command.commandLine(),
                    "unknown transport '" + name + "': choose one of " + String.join(", ", known));
        }
        return Transports.select(wanted);
    }
}
