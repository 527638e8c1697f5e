/// Plain loops, one per equation: what every other backend is measured against. Everything is computed in
/// double, or exactly in long for integers, and rounded once where it is stored.
package wengert.tensor.reference;
