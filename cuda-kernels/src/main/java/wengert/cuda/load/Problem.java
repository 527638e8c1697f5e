package wengert.cuda.load;

import wengert.tensor.spi.DeviceException;

/// Why the card cannot be used: what was expected, what came, where, and what to do.
final class Problem extends DeviceException {
    private static final long serialVersionUID = 1L;

    /// What every message offers last.
    private static final String OTHERWISE = ", or compute on the CPU (--device cpu)";

    private final String summary;

    Problem(String expected, String came, String where, String advice, Throwable cause) {
        super("cuda: expected " + expected + ", " + came + " — " + where + " — " + advice + OTHERWISE, cause);
        summary = came + ": " + advice;
    }

    Problem(Problem again) {
        super(again.getMessage(), again);
        summary = again.summary;
    }

    /// What came, and what to do.
    String summary() {
        return summary;
    }
}
