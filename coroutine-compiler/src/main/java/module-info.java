import io.samovar.compiler.CoroutineProcessor;
import javax.annotation.processing.Processor;

/** The coroutine compiler: an annotation processor that weaves class files as javac writes them. */
module io.samovar.compiler {
    requires transitive java.compiler;
    requires transitive jdk.compiler;
    requires org.objectweb.asm;
    requires org.objectweb.asm.commons;
    requires org.objectweb.asm.tree;
    requires static transitive org.jspecify;

    exports io.samovar.compiler;

    provides Processor with
            CoroutineProcessor;
}
