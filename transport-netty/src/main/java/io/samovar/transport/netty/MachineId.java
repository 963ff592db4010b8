package io.samovar.transport.netty;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/** The part of a Netty channel's id that tells machines apart. */
final class MachineId {
    private static final String PROPERTY = "io.netty.machineId";

    /** As Netty takes it: an EUI-64 address. */
    private static final int BYTES = 8;

    private MachineId() {}

    /** Chooses it at random, as Netty does where it finds no interface, so that Netty does not look for one. */
    static void choose() {
        if (System.getProperty(PROPERTY) == null) {
            byte[] id = new byte[BYTES];
            ThreadLocalRandom.current().nextBytes(id);
            System.setProperty(PROPERTY, HexFormat.ofDelimiter(":").formatHex(id));
        }
    }
}
