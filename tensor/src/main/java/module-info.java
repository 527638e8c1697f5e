/// Tensors: shapes, dtypes, storage, devices, random streams, files, and every operator with its gradient
/// rule.
module wengert.tensor {
    requires static jdk.incubator.vector;

    exports wengert.tensor;
    exports wengert.tensor.catalog;
    exports wengert.tensor.io;
    exports wengert.tensor.ops;
    exports wengert.tensor.spi;

    uses wengert.tensor.spi.Backend;
    uses wengert.tensor.spi.DeviceFamily;
    provides wengert.tensor.spi.Backend with
            wengert.tensor.reference.ReferenceBackend,
            wengert.tensor.cpu.CpuBackend,
            wengert.tensor.shapes.ShapesBackend;
}
