/** What tests of programs that run on a loop need. The JUnit extension is there for those who have JUnit. */
module io.samovar.testing {
    requires transitive io.samovar.engine;
    requires java.management;
    requires jdk.net;
    requires static transitive org.jspecify;
    /* Not transitive: javac would look for JUnit wherever this module is read. */
    requires static org.junit.jupiter.api;

    exports io.samovar.testing;
}
