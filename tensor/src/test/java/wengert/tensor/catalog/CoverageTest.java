package wengert.tensor.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import wengert.tensor.ops.Op;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Device;

/// An operator cannot be forgotten: each must be reached by a sample, or by the gradient of one, to the
/// second order.
class CoverageTest {
    @Test
    void everyOperatorIsReachedBySomeSample() throws Exception {
        Set<Class<?>> applied = new HashSet<>();
        for (Sample sample : Catalog.all()) {
            List<Traced> in = sample.tensors(DType.F64, Device.REFERENCE, Layout.ROW_MAJOR).stream()
                    .map(t -> new Traced(t, applied, Math.min(2, sample.orders()))).toList();
            sample.apply(in);
        }
        Set<String> unreached = new TreeSet<>();
        for (Class<?> op : operators()) {
            if (!applied.contains(op)) {
                unreached.add(op.getSimpleName());
            }
        }
        assertEquals(Set.of(), unreached,
                "operators without a sample; add one to their family in wengert.tensor.catalog");
    }

    @ParameterizedTest
    @EnumSource(value = DType.class, names = {"F32", "F64"})
    void operatorsOfTheFastBackendWriteAllOfTheirOutputsInGradientsToo(DType precision) {
        for (Sample sample : Catalog.all()) {
            for (Layout layout : List.of(Layout.ROW_MAJOR, Layout.values()[Layout.values().length - 1])) {
                sample.apply(sample.tensors(precision, Device.CPU, layout).stream()
                        .map(t -> new Traced(t, new HashSet<>(), Math.min(2, sample.orders()))).toList());
            }
        }
    }

    /// Every class of the operators' package that is an operator, from its folder or jar.
    private static Set<Class<?>> operators() throws IOException, ReflectiveOperationException {
        URI place;
        try {
            place = Op.class.getProtectionDomain().getCodeSource().getLocation().toURI();
        } catch (java.net.URISyntaxException e) {
            throw new IOException(e);
        }
        Path root = Path.of(place);
        if (Files.isDirectory(root)) {
            return operatorsIn(root);
        }
        try (var jar = FileSystems.newFileSystem(root, Map.of())) {
            return operatorsIn(jar.getPath("/"));
        }
    }

    private static Set<Class<?>> operatorsIn(Path root) throws IOException, ReflectiveOperationException {
        Set<Class<?>> found = new LinkedHashSet<>();
        try (Stream<Path> files = Files.list(root.resolve("wengert/tensor/ops"))) {
            for (Path file : (Iterable<Path>) files::iterator) {
                String name = file.getFileName().toString();
                if (name.endsWith(".class") && !name.equals("package-info.class")) {
                    Class<?> c = Class.forName("wengert.tensor.ops." + name.substring(0, name.length() - 6));
                    if (Op.class.isAssignableFrom(c) && !c.isInterface()) {
                        found.add(c);
                    }
                }
            }
        }
        assertTrue(found.size() > 40, "operators found: " + found.size());
        return found;
    }
}
