package wengert.benchmarks.peers;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Tanh;
import org.nd4j.linalg.factory.Nd4j;

/// The workloads in ND4J, all into buffers that are there already.
final class Nd4jWork {
    private static final int LARGE = 1 << 22;
    /// Kernels lie as `[K, C, R, S]`.
    private static final int OIHW = 1;

    Nd4jWork() {
        Nd4j.rand(DataType.FLOAT, 8, 8).mmul(Nd4j.rand(DataType.FLOAT, 8, 8));
    }

    String version() {
        String jar = Nd4j.class.getProtectionDomain().getCodeSource().getLocation().getPath();
        return jar.replaceAll(".*nd4j-api-|\\.jar$", "");
    }

    Runnable prepare(String workload) {
        return switch (workload) {
            case "conv-fwd-64x64x32-k4s2" -> conv(false, 64, 32, 128, 4, 2);
            case "conv-fwdbwd-64x64x32-k4s2" -> conv(true, 64, 32, 128, 4, 2);
            case "conv-fwdbwd-64x128x16-k3s1" -> conv(true, 128, 16, 128, 3, 1);
            case "matmul-1024" -> matmul(1024);
            case "matmul-256" -> matmul(256);
            case "tanh-4M" -> {
                var tanh = new Tanh(normal(LARGE), normal(LARGE));
                yield () -> Nd4j.getExecutioner().exec(tanh);
            }
            case "add-4M" -> {
                INDArray a = normal(LARGE);
                INDArray b = normal(LARGE);
                INDArray c = normal(LARGE);
                yield () -> a.addi(b, c);
            }
            default -> throw new IllegalArgumentException(workload);
        };
    }

    private static Runnable matmul(int n) {
        INDArray a = normal(n, n);
        INDArray b = normal(n, n);
        INDArray c = Nd4j.create(DataType.FLOAT, new long[] {n, n}, 'f');
        return () -> a.mmuli(b, c);
    }

    private static Runnable conv(boolean back, int c, int size, int k, int r, int stride) {
        int p = size / stride;
        INDArray x = normal(64, c, size, size);
        INDArray w = normal(k, c, r, r);
        INDArray dy = normal(64, k, p, p);
        long[] geometry = {r, r, stride, stride, 1, 1, 1, 1, 0, 0, OIHW};
        DynamicCustomOp forward = DynamicCustomOp.builder("conv2d").addInputs(x, w)
                .addOutputs(normal(64, k, p, p)).build();
        forward.addIArgument(geometry);
        DynamicCustomOp backward = DynamicCustomOp.builder("conv2d_bp").addInputs(x, w, dy)
                .addOutputs(normal(64, c, size, size), normal(k, c, r, r)).build();
        backward.addIArgument(geometry);
        return () -> {
            Nd4j.getExecutioner().exec(forward);
            if (back) {
                Nd4j.getExecutioner().exec(backward);
            }
        };
    }

    private static INDArray normal(long... sizes) {
        return Nd4j.randn(DataType.FLOAT, sizes);
    }
}
