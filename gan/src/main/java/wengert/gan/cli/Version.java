package wengert.gan.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/// The version of this build, which Maven wrote beside this class, and of the Java that runs it.
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        return new String[] {text()};
    }

    /// {@return what `--version` prints}
    static String text() {
        return "wengert " + number() + " (Java " + Runtime.version() + ")";
    }

    /// {@return the version number from the pom, such as `0.1.0`}
    static String number() {
        var build = new Properties();
        try (InputStream in = Version.class.getResourceAsStream("build.properties")) {
            build.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return build.getProperty("version");
    }
}
