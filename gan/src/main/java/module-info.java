/// GANs: networks, adversarial losses, penalties, the trainer, data, runs, and the command line.
module wengert.gan {
    requires transitive wengert.nn;

    requires info.picocli;
    requires java.desktop;
    requires me.tongfei.progressbar;
    requires org.snakeyaml.engine;

    exports wengert.gan.config;
    exports wengert.gan.conform;
    exports wengert.gan.data;
    exports wengert.gan.loss;
    exports wengert.gan.nets;
    exports wengert.gan.report;
    exports wengert.gan.run;
    exports wengert.gan.train;

    opens wengert.gan.cli to info.picocli;
}
