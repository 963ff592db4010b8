package io.samovar.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/networking.md shows the code that the tests of this package run: what lies between a comment with a word and {@code // end}. */
class GuideTest {
    private static final Path SAMPLES = Path.of("src/test/java/io/samovar/samples");
    private static final Pattern REGION = Pattern.compile("( *)// (\\w+)\n(.*?)\n *// end\n", Pattern.DOTALL);

    @Test
    void theGuideShowsWhatIsTested() throws IOException {
        String guide = Files.readString(Path.of("../docs/networking.md"));
        List<String> regions = regions();
        assertThat(regions)
                .hasSizeGreaterThan(2)
                .allSatisfy(region -> assertThat(guide).contains(region));
    }

    private static List<String> regions() throws IOException {
        List<String> regions = new ArrayList<>();
        try (Stream<Path> files = Files.list(SAMPLES)) {
            for (Path file : files.sorted().toList()) {
                Matcher region = REGION.matcher(Files.readString(file));
                while (region.find()) {
                    String indent = region.group(1);
                    regions.add(region.group(3)
                            .replaceAll("(?m)^" + indent, "")
                            .replace("@Nullable ", "")
                            .strip());
                }
            }
        }
        return regions;
    }
}
