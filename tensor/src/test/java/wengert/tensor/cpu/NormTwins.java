package wengert.tensor.cpu;

import java.util.List;
import java.util.Random;
import wengert.tensor.cpu.Twin.Layout;
import wengert.tensor.spi.Backend;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.NormForm;
import wengert.tensor.spi.NormKernels;

/// All that the three kernels of a normalisation make of random numbers, on two backends.
///
/// @param what       form, shape and layout, for messages
/// @param values     M
/// @param perChannel values of a channel
record NormTwins(String what, DType dtype, Twin mean, Twin var, Twin y, Twin dx, Twin dgamma, Twin dbeta,
        Twin secondDx, Twin secondDgamma, Twin ddy, int values, int perChannel) {

    /// Runs both.
    static NormTwins of(Backend oracle, Random r, DType dtype, NormForm form, int... shape) {
        Layout layout = Layout.values()[r.nextInt(4)];
        int c = shape[1];
        Twin x = Twin.random(r, dtype, layout, 2, shape);
        Twin dy = Twin.random(r, dtype, layout, 2, shape);
        Twin a = Twin.random(r, dtype, layout, 2, shape);
        Twin gamma = Twin.random(r, dtype, layout, 2, c);
        Twin beta = Twin.random(r, dtype, layout, 2, c);
        Twin ddgamma = Twin.random(r, dtype, layout, 2, c);
        Twin ddbeta = Twin.random(r, dtype, layout, 2, c);
        int sets = form.sets(x.expected().shape());
        int elements = x.expected().shape().length();
        var k = new NormTwins(form + " of " + x.expected() + " " + layout + " ", dtype,
                Twin.output(r, dtype, layout, sets), Twin.output(r, dtype, layout, sets),
                output(r, dtype, shape), output(r, dtype, shape), output(r, dtype, c), output(r, dtype, c),
                output(r, dtype, shape), output(r, dtype, c), output(r, dtype, shape),
                sets == 0 ? 1 : Math.max(1, elements / sets), c == 0 ? 1 : Math.max(1, elements / c));
        NormKernels want = oracle.find(NormKernels.class);
        NormKernels got = Twin.CPU.find(NormKernels.class);
        want.normalise(form, x.expected(), gamma.expected(), beta.expected(), k.y.expected(),
                k.mean.expected(), k.var.expected());
        got.normalise(form, x.actual(), gamma.actual(), beta.actual(), k.y.actual(), k.mean.actual(),
                k.var.actual());
        want.normaliseGradient(form, x.expected(), gamma.expected(), beta.expected(), dy.expected(),
                k.mean.expected(), k.var.expected(), k.dx.expected(), k.dgamma.expected(),
                k.dbeta.expected());
        got.normaliseGradient(form, x.actual(), gamma.actual(), beta.actual(), dy.actual(), k.mean.expected(),
                k.var.expected(), k.dx.actual(), k.dgamma.actual(), k.dbeta.actual());
        want.normaliseSecondGradient(form, x.expected(), gamma.expected(), beta.expected(), dy.expected(),
                k.mean.expected(), k.var.expected(), a.expected(), ddgamma.expected(), ddbeta.expected(),
                k.secondDx.expected(), k.secondDgamma.expected(), k.ddy.expected());
        got.normaliseSecondGradient(form, x.actual(), gamma.actual(), beta.actual(), dy.actual(),
                k.mean.expected(), k.var.expected(), a.actual(), ddgamma.actual(), ddbeta.actual(),
                k.secondDx.actual(), k.secondDgamma.actual(), k.ddy.actual());
        return k;
    }

    private static Twin output(Random r, DType dtype, int... shape) {
        return Twin.output(r, dtype, Layout.values()[r.nextInt(3)], shape);
    }

    List<Twin> results() {
        return List.of(mean, var, y, dx, dgamma, dbeta, secondDx, secondDgamma, ddy);
    }

    /// Numbers are up to 2, x̂ up to h = min(√M, 4/√eps), 1/σ up to 10 for an eps of 1e-2; a few roundings
    /// each.
    void assertClose() {
        double unit = dtype == DType.F32 ? 0x1p-24 : 0x1p-53;
        double h = Math.min(Math.sqrt(values), 40);
        double sigma = 10;
        mean.assertClose(what + "mean", 2, 4 * unit);
        var.assertClose(what + "var", 2, 32 * unit);
        y.assertClose(what + "y", 1, 8 * 2 * (h + sigma) * unit);
        dgamma.assertClose(what + "dgamma", 1, 2 * unit * h * perChannel);
        dbeta.assertClose(what + "dbeta", 1, 2 * unit * perChannel);
        dx.assertClose(what + "dx", 1, 16 * 4 * sigma * h * unit);
        secondDx.assertClose(what + "second dx", 1, 64 * 8 * sigma * sigma * h * unit);
        secondDgamma.assertClose(what + "second dgamma", 1, 16 * 4 * sigma * h * unit * perChannel);
        ddy.assertClose(what + "ddy", 1, 16 * 4 * sigma * h * unit);
    }
}
