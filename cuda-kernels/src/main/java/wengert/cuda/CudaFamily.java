package wengert.cuda;

import java.util.List;
import java.util.stream.Collectors;
import wengert.cuda.load.Card;
import wengert.cuda.load.Libraries;
import wengert.tensor.spi.Backend;
import wengert.tensor.spi.DeviceException;
import wengert.tensor.spi.DeviceFamily;

/// The cards of this machine. Making one loads nothing; JCuda and NVIDIA's libraries are loaded when somebody
/// asks for a card.
public final class CudaFamily implements DeviceFamily {
    /// Called by [java.util.ServiceLoader].
    public CudaFamily() {
    }

    @Override
    public String kind() {
        return "cuda";
    }

    /// How many cards can be used; 0 where anything that they need is missing.
    @Override
    public int count() {
        try {
            Libraries.load();
            return (int) Libraries.cards().stream().takeWhile(Card::isUsable).count();
        } catch (DeviceException e) {
            return 0;
        }
    }

    @Override
    public Backend open(int index) {
        Libraries.load();
        List<Card> cards = Libraries.cards();
        if (index < 0 || index >= cards.size()) {
            throw new DeviceException("cuda:" + index + ": expected the number of a card of this machine, "
                    + "which has " + cards.size() + ": "
                    + cards.stream().map(Card::toString).collect(Collectors.joining("; ")));
        }
        if (!cards.get(index).isUsable()) {
            throw new DeviceException("cuda:" + index + ": expected a card of compute capability 7.5 or "
                    + "newer, which the kernels are compiled for; this is " + cards.get(index)
                    + " — use another card, or --device cpu");
        }
        return new CudaBackend(index);
    }

    @Override
    public List<Need> report() {
        return Libraries.report();
    }
}
