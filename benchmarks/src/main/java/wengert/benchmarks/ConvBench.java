package wengert.benchmarks;

import org.openjdk.jmh.annotations.Param;

/// How close do the three convolution kernels come to the machine's peak on the layers of a DCGAN, where 90 %
/// of a training step goes? The data gradient is the forward pass of the generator's transposed convolution.
public class ConvBench extends WorkloadBench {
    /// Channels, pixels, output channels, kernel, stride, padding; batch 64.
    @Param({"1,32,64,4,2,1", "64,16,128,4,2,1", "128,8,256,4,2,1", "3,64,64,4,2,1", "64,32,128,4,2,1",
        "128,16,256,4,2,1", "256,8,512,4,2,1", "128,16,128,3,1,1"})
    public String layer;

    /// Forward, data gradient, weight gradient.
    @Param({"fwd", "dgrad", "wgrad"})
    public String kernel;

    @Override
    protected String name() {
        return Workloads.layer(kernel, layer);
    }
}
