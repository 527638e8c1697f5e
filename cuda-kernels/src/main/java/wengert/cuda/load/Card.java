package wengert.cuda.load;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntSupplier;
import jcuda.CudaException;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdevice_attribute;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;

/// A card that the driver knows.
///
/// @param index from 0
/// @param name  `NVIDIA H100 80GB HBM3`
/// @param major compute capability before the dot
/// @param minor compute capability after the dot
/// @param bytes of its memory
public record Card(int index, String name, int major, int minor, long bytes) {
    /// The oldest compute capability that the kernels are compiled for, times ten.
    static final int OLDEST = 75;

    /// All of them. Needs the driver's part of JCuda, started.
    ///
    /// @throws Problem if the driver offers none
    static List<Card> all(String driver) {
        int[] count = new int[1];
        check("cuInit(0)", driver, () -> JCudaDriver.cuInit(0));
        check("cuDeviceGetCount()", driver, () -> JCudaDriver.cuDeviceGetCount(count));
        List<Card> cards = new ArrayList<>();
        for (int i = 0; i < count[0]; i++) {
            cards.add(card(i, driver));
        }
        return List.copyOf(cards);
    }

    private static Card card(int index, String driver) {
        CUdevice device = new CUdevice();
        byte[] name = new byte[256];
        long[] bytes = new long[1];
        check("cuDeviceGet(" + index + ")", driver, () -> JCudaDriver.cuDeviceGet(device, index));
        check("cuDeviceGetName(" + index + ")", driver,
                () -> JCudaDriver.cuDeviceGetName(name, name.length, device));
        check("cuDeviceTotalMem(" + index + ")", driver, () -> JCudaDriver.cuDeviceTotalMem(bytes, device));
        int end = 0;
        while (end < name.length && name[end] != 0) {
            end++;
        }
        return new Card(index, new String(name, 0, end, StandardCharsets.UTF_8),
                attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR, device, driver),
                attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR, device, driver),
                bytes[0]);
    }

    private static int attribute(int which, CUdevice device, String driver) {
        int[] value = new int[1];
        check("cuDeviceGetAttribute(" + which + ")", driver,
                () -> JCudaDriver.cuDeviceGetAttribute(value, which, device));
        return value[0];
    }

    /// JCuda either returns a status or throws it, as somebody has told its class.
    private static void check(String call, String driver, IntSupplier status) {
        String failed = null;
        try {
            int code = status.getAsInt();
            failed = code == CUresult.CUDA_SUCCESS ? null : CUresult.stringFor(code) + " (" + code + ")";
        } catch (CudaException e) {
            failed = e.getMessage();
        }
        if (failed != null) {
            throw new Problem("a card that the driver can use", call + " answers " + failed,
                    "driver " + driver, "see whether `nvidia-smi` lists a card, and whether "
                    + "CUDA_VISIBLE_DEVICES hides it", null);
        }
    }

    /// Whether the kernels run on it.
    public boolean isUsable() {
        return 10 * major + minor >= OLDEST;
    }

    /// `cuda:0 NVIDIA H100 80GB HBM3, 79.1 GiB, compute capability 9.0`
    @Override
    public String toString() {
        return "cuda:" + index + " " + name + ", " + memory() + ", compute capability " + capability();
    }

    String capability() {
        return major + "." + minor;
    }

    String memory() {
        return String.format(Locale.ROOT, "%.1f GiB", bytes / (double) (1 << 30));
    }
}
