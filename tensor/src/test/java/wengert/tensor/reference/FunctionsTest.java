package wengert.tensor.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class FunctionsTest {
    private static void relative(double expected, double actual, double tolerance) {
        assertEquals(expected, actual, tolerance * Math.abs(expected));
    }

    /// Values computed with 40 digits.
    @Test
    void erfIsAccurateOnBothSidesOfItsSeam() {
        double[][] table = {{1e-300, 1.1283791670955126e-300}, {1e-10, 1.128379167095512615e-10},
            {0.1, 0.1124629160182848984}, {0.5, 0.52049987781304653768}, {1, 0.84270079294971486934},
            {1.5, 0.96610514647531072707}, {1.9999, 0.99532019790702939169}, {2, 0.99532226501895273416},
            {2.0001, 0.99532433130419666017}, {2.5, 0.99959304798255504106}, {3, 0.99997790950300141456},
            {4, 0.99999998458274209972}, {5, 0.99999999999846254021}, {7, 1}, {Double.POSITIVE_INFINITY, 1}};
        for (double[] row : table) {
            relative(row[1], Functions.erf(row[0]), 4e-16);
            relative(-row[1], Functions.erf(-row[0]), 4e-16);
        }
        assertEquals(0.0, Functions.erf(0.0));
        assertEquals(Double.NaN, Functions.erf(Double.NaN));
    }

    @Test
    void softplusAndSigmoidKeepTheirTails() {
        double[][] table = {{-40, 4.24835425529158898e-18, 4.24835425529158898e-18},
            {-20.5, 1.25015286560546e-09, 1.25015286482402e-09}, {-1, 0.313261687518, 0.26894142137},
            {0, 0.69314718056, 0.5}, {1, 1.31326168752, 0.73105857863},
            {20.5, 20.5000000012501528656, 0.99999999875}, {40, 40, 1}, {800, 800, 1}};
        for (double[] row : table) {
            relative(row[1], Functions.softplus(row[0]), 1e-11);
            relative(row[2], Functions.sigmoid(row[0]), 1e-11);
        }
        assertEquals(0, Functions.softplus(-800));
        assertEquals(0, Functions.sigmoid(-800));
        assertEquals(Double.POSITIVE_INFINITY, Functions.softplus(Double.POSITIVE_INFINITY));
        assertEquals(Double.NaN, Functions.softplus(Double.NaN));
        assertEquals(Double.NaN, Functions.sigmoid(Double.NaN));
    }

    @Test
    void sechSquaredDoesNotVanishWhereTanhIsOne() {
        relative(4 * Math.exp(-40), Functions.sechSquared(20), 1e-14);
        relative(4 * Math.exp(-40), Functions.sechSquared(-20), 1e-14);
        relative(1 - Math.pow(Math.tanh(0.5), 2), Functions.sechSquared(0.5), 1e-15);
        assertEquals(1, Functions.sechSquared(0));
    }
}
