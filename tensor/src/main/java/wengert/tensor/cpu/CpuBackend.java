package wengert.tensor.cpu;

import java.util.List;
import wengert.tensor.spi.Backend;
import wengert.tensor.spi.BinaryKind;
import wengert.tensor.spi.CompareKind;
import wengert.tensor.spi.Conv2dGeometry;
import wengert.tensor.spi.ConvKernels;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Device;
import wengert.tensor.spi.LossForm;
import wengert.tensor.spi.LossKernels;
import wengert.tensor.spi.MomentKernels;
import wengert.tensor.spi.NormForm;
import wengert.tensor.spi.NormKernels;
import wengert.tensor.spi.OptimizerKernels;
import wengert.tensor.spi.Philox;
import wengert.tensor.spi.PoolKernels;
import wengert.tensor.spi.RandomKind;
import wengert.tensor.spi.ReduceKind;
import wengert.tensor.spi.SoftmaxKernels;
import wengert.tensor.spi.SpeedProbe;
import wengert.tensor.spi.Storage;
import wengert.tensor.spi.ThreadCount;
import wengert.tensor.spi.UnaryKind;
import wengert.tensor.spi.View;

/// The fast backend. This class only sorts the calls; see the package's page for where the work is done.
public final class CpuBackend implements Backend, ConvKernels, PoolKernels, NormKernels, SoftmaxKernels,
        LossKernels, MomentKernels, OptimizerKernels, SpeedProbe, ThreadCount {

    /// Called by [java.util.ServiceLoader].
    public CpuBackend() {
    }

    @Override
    public Speed measure() {
        return Peak.measure();
    }

    @Override
    public Device device() {
        return Device.CPU;
    }

    @Override
    public String description() {
        int n = Parallel.threads();
        return Simd.describe() + ", " + n + (n == 1 ? " thread" : " threads");
    }

    @Override
    public int threads() {
        return Parallel.threads();
    }

    @Override
    public void threads(int count) {
        Parallel.threads(count);
    }

    @Override
    public Storage allocate(DType dtype, int length) {
        Simd.hint();
        return new Storage(Device.CPU, dtype, length, dtype.array(length));
    }

    @Override
    public void copy(View x, View y) {
        Copies.copy(x, y);
    }

    @Override
    public void fill(View y, double value) {
        Copies.fill(y, value);
    }

    @Override
    public void unary(UnaryKind kind, double p, double q, View x, View y) {
        Elementwise.unary(kind, p, q, x, y);
    }

    @Override
    public void binary(BinaryKind kind, double p, double q, View a, View b, View y) {
        Elementwise.binary(kind, p, q, a, b, y);
    }

    @Override
    public void compare(CompareKind kind, View a, View b, View y) {
        Elementwise.compare(kind, a, b, y);
    }

    @Override
    public void where(View c, View a, View b, View y) {
        Elementwise.where(c, a, b, y);
    }

    @Override
    public void reduce(ReduceKind kind, View x, View y) {
        Reductions.reduce(kind, x, y);
    }

    @Override
    public void argReduce(ReduceKind kind, View x, int axis, View y) {
        Extremes.argReduce(kind, x, axis, y);
    }

    @Override
    public void cumulativeSum(View x, int axis, View y) {
        Indexing.cumulativeSum(x, axis, y);
    }

    @Override
    public void matmul(View a, View b, View y) {
        Products.matmul(a, b, y);
    }

    @Override
    public void gather(View x, int axis, View index, View y) {
        Indexing.gather(x, axis, index, y);
    }

    @Override
    public void scatterAdd(View x, int axis, View index, View y) {
        Indexing.scatterAdd(x, axis, index, y);
    }

    @Override
    public void random(RandomKind kind, long seed, long stream, int draw, View y) {
        if (y.dtype() != DType.F32 || !y.isContiguous()) {
            Philox.fill(kind, seed, stream, draw, y);
            return;
        }
        float[] out = y.storage().f32();
        int offset = y.offset();
        Parallel.ranges(y.shape().length(), 4096, (from, to) -> Philox.fill(kind, seed, stream, draw, from,
                to, out, offset + from));
    }

    @Override
    public void synchronize() {
        // every call returns when its work is done
    }

    @Override
    public void conv2d(View x, View w, View bias, Conv2dGeometry g, View y) {
        Convolutions.conv2d(x, w, bias, g, y);
    }

    @Override
    public void conv2dDataGradient(View dy, View w, View bias, Conv2dGeometry g, View dx) {
        Convolutions.dataGradient(dy, w, bias, g, dx);
    }

    @Override
    public void conv2dWeightGradient(View x, View dy, Conv2dGeometry g, View dw) {
        Convolutions.weightGradient(x, dy, g, dw);
    }

    @Override
    public void maxPool2dIndices(View x, int r, int s, Conv2dGeometry g, View indices) {
        Pools.maxIndices(x, r, s, g, indices);
    }

    @Override
    public void avgPool2d(View x, int r, int s, Conv2dGeometry g, View y) {
        Pools.average(x, r, s, g, y);
    }

    @Override
    public void avgPool2dGradient(View dy, int r, int s, Conv2dGeometry g, View dx) {
        Pools.averageGradient(dy, r, s, g, dx);
    }

    @Override
    public void upsampleBilinear2d(View x, int scaleH, int scaleW, View y) {
        Resampling.bilinear(x, scaleH, scaleW, y);
    }

    @Override
    public void upsampleBilinear2dGradient(View dy, int scaleH, int scaleW, View dx) {
        Resampling.bilinearGradient(dy, scaleH, scaleW, dx);
    }

    @Override
    public void normalise(NormForm form, View x, View gamma, View beta, View y, View mean, View var) {
        Norms.forward(form, x, gamma, beta, y, mean, var);
    }

    @Override
    public void normaliseGradient(NormForm form, View x, View gamma, View beta, View dy, View mean, View var,
            View dx, View dgamma, View dbeta) {
        Norms.gradient(form, x, gamma, beta, dy, mean, var, dx, dgamma, dbeta);
    }

    @Override
    public void normaliseSecondGradient(NormForm form, View x, View gamma, View beta, View dy, View mean,
            View var, View a, View b, View c, View dx, View dgamma, View ddy) {
        Norms.secondGradient(form, x, gamma, beta, dy, mean, var, a, b, c, dx, dgamma, ddy);
    }

    @Override
    public void softmax(View x, int axis, View y) {
        Softmaxes.softmax(x, axis, y);
    }

    @Override
    public void softmaxGradient(View y, View dy, int axis, View dx) {
        Softmaxes.softmaxGradient(y, dy, axis, dx);
    }

    @Override
    public void logSoftmax(View x, int axis, View y) {
        Softmaxes.logSoftmax(x, axis, y);
    }

    @Override
    public void logSoftmaxGradient(View y, View dy, int axis, View dx) {
        Softmaxes.logSoftmaxGradient(y, dy, axis, dx);
    }

    @Override
    public void crossEntropy(View x, int axis, View target, View loss) {
        Softmaxes.crossEntropy(x, axis, target, loss);
    }

    @Override
    public void crossEntropyGradient(View x, int axis, View target, View dy, View dx) {
        Softmaxes.crossEntropyGradient(x, axis, target, dy, dx);
    }

    @Override
    public void loss(LossForm form, View x, View t, View y) {
        Losses.loss(form, x, t, y);
    }

    @Override
    public void lossGradient(LossForm form, View x, View t, View dy, View dx) {
        Losses.gradient(form, x, t, dy, dx);
    }

    @Override
    public void adam(List<Item> items, double beta1, double beta2, double decay, double keep) {
        Optimizers.adam(items, beta1, beta2, decay, keep);
    }

    @Override
    public void sgd(List<Item> items, double momentum, boolean nesterov, double decay) {
        Optimizers.sgd(items, momentum, nesterov, decay);
    }

    @Override
    public void rmsProp(List<Item> items, double alpha, double momentum, double decay) {
        Optimizers.rmsProp(items, alpha, momentum, decay);
    }

    @Override
    public void adagrad(List<Item> items, double decay) {
        Optimizers.adagrad(items, decay);
    }

    @Override
    public void squares(List<View> gs, double[] sums) {
        Optimizers.squares(gs, sums);
    }

    @Override
    public void variance(View x, double divisor, View mean, View var) {
        Moments.variance(x, divisor, mean, var);
    }
}
