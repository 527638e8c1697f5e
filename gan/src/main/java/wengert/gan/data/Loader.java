package wengert.gan.data;

import java.util.Arrays;
import java.util.Objects;
import wengert.tensor.Generator;
import wengert.tensor.spi.Device;

/// Endless batches of a set of images: each epoch in a new random order, the last batch of an epoch possibly
/// shorter. Batch number `b` is a function of the seed and `b` alone.
public final class Loader {
    private final ImageSet images;
    private final int batch;
    private final Generator.Stream order;
    private final int perEpoch;
    private long epoch = -1;
    private int[] permutation;

    /// @param images what to load
    /// @param batch  images of a full batch
    /// @param random the run's generator; stream `data`, of which each epoch is one draw
    public Loader(ImageSet images, int batch, Generator random) {
        if (images.count() == 0 || batch < 1) {
            throw new IllegalArgumentException("loader: expected images and a batch size of at least 1, got "
                    + images.count() + " images and batch size " + batch);
        }
        this.images = images;
        this.batch = batch;
        this.order = random.stream("data");
        this.perEpoch = Math.ceilDiv(images.count(), batch);
    }

    /// Batches of an epoch.
    public int batchesPerEpoch() {
        return perEpoch;
    }

    /// Size of the last batch of an epoch.
    public int lastBatch() {
        return images.count() - (perEpoch - 1) * batch;
    }

    /// Images in batch number `b`, counted over all epochs from 0.
    public int size(long b) {
        return position(b) == perEpoch - 1 ? lastBatch() : batch;
    }

    /// Batch number `b`, counted over all epochs from 0.
    ///
    /// @param labelled whether labels are wanted
    public Batch batch(long b, Device device, boolean labelled) {
        int from = position(b) * batch;
        int to = from + size(b);
        return images.batch(Arrays.copyOfRange(order(b / perEpoch), from, to), device, labelled);
    }

    private int position(long b) {
        return (int) (Objects.checkIndex(b, Long.MAX_VALUE) % perEpoch);
    }

    private int[] order(long e) {
        if (e != epoch) {
            permutation = order.at(Math.toIntExact(e)).permutation(images.count());
            epoch = e;
        }
        return permutation;
    }
}
