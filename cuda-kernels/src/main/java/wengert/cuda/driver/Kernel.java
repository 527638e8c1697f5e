package wengert.cuda.driver;

import java.util.List;
import jcuda.driver.CUfunction;

/// A function that runs on the card, and what it expects to be given. To run one:
///
/// ```java
/// kernel.launch().address(x).address(y).i32(n).run(blocks, threads);
/// ```
public final class Kernel {
    final Context context;
    final String name;
    final CUfunction function;
    final Ptx.Parameter[] parameters;

    Kernel(Context context, String name, CUfunction function, List<Ptx.Parameter> parameters) {
        this.context = context;
        this.name = name;
        this.function = function;
        this.parameters = parameters.toArray(Ptx.Parameter[]::new);
    }

    /// Begins a launch by the calling thread; its parameters follow in order.
    public Launch launch() {
        return Launch.begin(this);
    }

    /// The name of the entry point.
    @Override
    public String toString() {
        return name;
    }
}
