package io.samovar.echo;

import io.samovar.net.AccessDeniedException;
import io.samovar.net.AddressInUseException;
import io.samovar.net.AddressNotAvailableException;
import io.samovar.net.ConnectionRefusedException;
import io.samovar.net.NetworkException;
import io.samovar.net.OutOfResourcesException;

/** Says in a few words why something failed on the network, and what to do about it. */
final class Reasons {
    private Reasons() {}

    static String of(NetworkException failure) {
        return bare(failure) + advice(failure);
    }

    private static String advice(NetworkException failure) {
        if (failure instanceof AddressInUseException) {
            return "; choose another --port, or end the program that has this one";
        }
        if (failure instanceof AccessDeniedException) {
            return "; choose a --port above 1023";
        }
        if (failure instanceof AddressNotAvailableException) {
            return "; it is not an address of this machine, or no local port is left";
        }
        if (failure instanceof ConnectionRefusedException) {
            return "; is the server running, and are --host and --port right?";
        }
        if (failure instanceof OutOfResourcesException) {
            return "; raise the limit of open files (ulimit -n), or ask for fewer --connections";
        }
        return "";
    }

    /** The system's words: the message without what was tried, which the caller says better. */
    private static String bare(NetworkException failure) {
        String message = String.valueOf(failure.getMessage());
        return message.substring(message.lastIndexOf(": ") + 1).strip();
    }
}
