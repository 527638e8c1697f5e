package wengert.gan.run;

import java.io.IOException;
import java.nio.file.Path;
import wengert.gan.nets.LayeredNetwork;
import wengert.tensor.Generator;
import wengert.tensor.Scope;
import wengert.tensor.Tensor;
import wengert.tensor.io.ImageGrid;
import wengert.tensor.io.Png;
import wengert.tensor.spi.Device;

/// The same noise again and again, so that a series of pictures shows what the generator has learned. A
/// conditional generator gets the classes in turn, one a column where the grid is as wide as there are
/// classes.
final class SampleGrid {
    private final Tensor noise;
    private final Tensor labels;
    private final int columns;

    /// @param random  the run's generator; stream `samples`
    /// @param count   pictures
    /// @param rows    rows of the grid, 0 for nearly square
    /// @param z       length of the noise vector
    /// @param classes 0 if unconditional
    SampleGrid(Generator random, Device device, int count, int rows, int z, int classes) {
        noise = random.stream("samples").at(0).as(wengert.tensor.spi.DType.F32, device).normal(count, z);
        labels = classes == 0 ? null : inTurn(count, classes).to(device);
        columns = rows > 0 ? (count + rows - 1) / rows
                : classes > 0 ? Math.min(count, classes) : (int) Math.ceil(Math.sqrt(count));
    }

    static Tensor inTurn(int count, int classes) {
        long[] turn = new long[count];
        for (int i = 0; i < count; i++) {
            turn[i] = i % classes;
        }
        return Tensor.of(turn, count);
    }

    /// Draws the pictures, in evaluation mode: no statistic moves.
    void write(LayeredNetwork generator, Path png) throws IOException {
        boolean training = generator.isTraining();
        generator.eval();
        try (var scope = Scope.open("samples")) {
            Png.write(png, ImageGrid.of(generator.forward(noise, labels), columns, 2));
        } finally {
            if (training) {
                generator.train();
            }
        }
    }
}
