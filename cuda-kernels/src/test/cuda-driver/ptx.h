// What the emulator reads from real PTX text: header, entries with their parameters and bounds, globals.
#pragma once
#include <string>
#include <vector>
namespace driver {
struct PtxParameter {
    size_t size, alignment;
};
struct PtxEntry {
    std::string name;
    std::vector<PtxParameter> parameters;
    int maxThreads = 1024;
    size_t sharedBytes = 0;
};
struct Ptx {
    int version = 0, target = 0;
    std::vector<PtxEntry> entries;
    std::vector<std::string> globals;
    std::string error;
};
Ptx parsePtx(const std::string& text);
} // namespace driver
