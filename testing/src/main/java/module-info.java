/** What tests of programs that run on a loop need. */
module io.samovar.testing {
    requires transitive io.samovar.engine;
    requires static transitive org.jspecify;

    exports io.samovar.testing;
}
