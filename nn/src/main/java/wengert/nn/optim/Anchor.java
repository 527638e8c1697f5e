package wengert.nn.optim;

/// Gives the package a member until its first class is here: an empty package cannot be exported.
final class Anchor {
    private Anchor() {
    }
}
