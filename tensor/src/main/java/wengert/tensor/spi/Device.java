package wengert.tensor.spi;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.ConcurrentHashMap;

/// Where a tensor's numbers live and which [Backend] computes on them.
///
/// @param kind  name of the backend: `cpu`, `reference`, `shapes`, `cuda`
/// @param index which one of several, from 0
public record Device(String kind, int index) {
    /// Plain loops, slow and readable: the oracle of every test.
    public static final Device REFERENCE = new Device("reference", 0);
    /// The fast pure-Java backend.
    public static final Device CPU = new Device("cpu", 0);

    /// No numbers at all: tensors here have a form, kernels do nothing, and memory is only counted.
    public static final Device SHAPES = new Device("shapes", 0);

    private static final Map<Device, Backend> OPEN = new ConcurrentHashMap<>();

    /// A CUDA card.
    ///
    /// @param index number of the card, from 0
    public static Device cuda(int index) {
        return new Device("cuda", index);
    }

    /// Reads `cpu`, `reference`, `cuda` or `cuda:1`; `auto` is `cuda:0` where it can be used, else `cpu`.
    public static Device parse(String text) {
        if (text.equals("auto")) {
            DeviceFamily cards = family("cuda");
            return cards != null && cards.count() > 0 ? cuda(0) : CPU;
        }
        int colon = text.indexOf(':');
        try {
            return colon < 0 ? new Device(text, 0)
                    : new Device(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
        } catch (NumberFormatException e) {
            throw new DeviceException("device '" + text + "': expected a name and a number such as cuda:0",
                    e);
        }
    }

    /// Whether numbers of this device are kept in Java arrays.
    public boolean isHost() {
        return kind.equals("cpu") || kind.equals("reference");
    }

    /// The backend of this device.
    ///
    /// @throws DeviceException if no backend on the class path offers it
    public Backend backend() {
        Backend b = OPEN.get(this);
        return b != null ? b : OPEN.computeIfAbsent(this, Device::find);
    }

    /// The family of devices of a kind that is not built in; null if there is none on the class path.
    public static DeviceFamily family(String kind) {
        for (DeviceFamily family : ServiceLoader.load(DeviceFamily.class, Device.class.getClassLoader())) {
            if (family.kind().equals(kind)) {
                return family;
            }
        }
        return null;
    }

    private static Backend find(Device device) {
        List<String> known = new ArrayList<>();
        for (Backend b : ServiceLoader.load(Backend.class, Device.class.getClassLoader())) {
            if (b.device().equals(device)) {
                return b;
            }
            if (!b.device().equals(SHAPES)) { // which is nowhere to compute
                known.add(b.device().toString());
            }
        }
        DeviceFamily family = family(device.kind);
        if (family != null) {
            return family.open(device.index);
        }
        throw new DeviceException("device '" + device + "' is not available: no backend here offers it; "
                + "found " + known + ". Use one of these"
                + (device.kind.equals("cuda") ? ", or add wengert-cuda and an NVIDIA driver." : "."));
    }

    /// `cpu`, or `cuda:1` where there can be several.
    @Override
    public String toString() {
        return kind.equals("cuda") ? kind + ":" + index : kind;
    }
}
