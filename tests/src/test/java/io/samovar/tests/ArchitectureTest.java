package io.samovar.tests;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Who may depend on whom: the table in docs/architecture.md. */
@AnalyzeClasses(packages = "io.samovar", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String[] ENGINE = {"io.samovar", "io.samovar.net..", "io.samovar.sync", "io.samovar.transport"
    };
    private static final String JDK = "java..";

    @ArchTest
    static final ArchRule theEngineKnowsNoTransportAndOfNettyOnlyBuffers = classes()
            .that()
            .resideInAnyPackage(ENGINE)
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "io.samovar",
                    "io.samovar.net..",
                    "io.samovar.sync",
                    "io.samovar.transport",
                    JDK,
                    "javax.crypto..",
                    "javax.net.ssl",
                    "javax.security.auth.x500",
                    "jdk.net",
                    "io.netty.buffer..",
                    "io.netty.util..",
                    "org.jctools..",
                    "org.jspecify..");

    @ArchTest
    static final ArchRule transportsKnowNothingOfTheLoopButForTheWayFromItToNettys = noClasses()
            .that()
            .resideInAPackage("io.samovar.transport..")
            .and()
            .doNotHaveFullyQualifiedName("io.samovar.transport.netty.NettyLoop")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.samovar");

    @ArchTest
    static final ArchRule theCoreKnowsNothingOfStreamsAndLocks = noClasses()
            .that()
            .resideInAPackage("io.samovar")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.samovar.net..", "io.samovar.sync");

    @ArchTest
    static final ArchRule locksAndQueuesAreMadeOfTheCoreAlone = classes()
            .that()
            .resideInAPackage("io.samovar.sync")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("io.samovar", "io.samovar.sync", JDK, "org.jspecify..");

    @ArchTest
    static final ArchRule mechanismsDoNotKnowEachOther = slices().matching("io.samovar.transport.(epoll|kqueue|nio)..")
            .should()
            .notDependOnEachOther();

    @ArchTest
    static final ArchRule whatTheMechanismsShareKnowsNoneOfThem = noClasses()
            .that()
            .resideInAPackage("io.samovar.transport.netty..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.samovar.transport.epoll..",
                    "io.samovar.transport.kqueue..",
                    "io.samovar.transport.nio..",
                    "io.netty.channel.epoll..",
                    "io.netty.channel.kqueue..",
                    "io.netty.channel.nio..");

    @ArchTest
    static final ArchRule codecsKnowTheEngineAndNettysHandlersAndNoTransport = classes()
            .that()
            .resideInAPackage("io.samovar.codec..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "io.samovar",
                    "io.samovar.net",
                    "io.samovar.codec..",
                    JDK,
                    "io.netty.buffer..",
                    "io.netty.channel",
                    "io.netty.channel.socket",
                    "io.netty.handler.codec",
                    "io.netty.util..",
                    "org.jspecify..");

    @ArchTest
    static final ArchRule nothingDependsOnTheEchoServerTheExamplesOrTheTestingModule = noClasses()
            .that()
            .resideOutsideOfPackages("io.samovar.echo..", "io.samovar.examples..", "io.samovar.testing..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.samovar.echo..", "io.samovar.examples..", "io.samovar.testing..");

    @ArchTest
    static final ArchRule onlyTheExamplesDependOnCodecs = noClasses()
            .that()
            .resideOutsideOfPackages("io.samovar.codec..", "io.samovar.examples..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.samovar.codec..");

    @ArchTest
    static final ArchRule theTestingModuleKnowsTheEngineAndJunitsApi = classes()
            .that()
            .resideInAPackage("io.samovar.testing..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "io.samovar",
                    "io.samovar.net",
                    "io.samovar.transport",
                    "io.samovar.testing..",
                    JDK,
                    "jdk.net",
                    "io.netty.buffer..",
                    "org.junit.jupiter.api..",
                    "org.junit.platform.commons..",
                    "org.jspecify..");

    @ArchTest
    static final ArchRule nobodyLogsPastTheSystemLogger = noClasses()
            .that()
            .resideOutsideOfPackage("io.samovar.echo..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.util.logging..", "org.slf4j..", "io.netty.util.internal..");

    @ArchTest
    static final ArchRule nothingOnTheLoopSleeps = noClasses().should().callMethod(Thread.class, "sleep", long.class);
}
