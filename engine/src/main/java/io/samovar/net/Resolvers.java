package io.samovar.net;

/** The resolvers of the process. */
final class Resolvers {
    static final Resolver SYSTEM = new SystemResolver();

    /** For connections that name none. */
    static volatile Resolver standard = SYSTEM;

    private Resolvers() {}
}
