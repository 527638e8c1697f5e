/// What a run tells: its log, its progress in the terminal, and its report.
package wengert.gan.report;
