// What the driver reads in PTX: the header, entries with their parameters and bounds, shared memory, globals.
#pragma once
#include <string>
#include <vector>

namespace driver {
struct PtxParameter {
    size_t size, alignment;
};
struct PtxEntry {
    std::string name;
    std::vector<PtxParameter> parameters{};
    int maxThreads = 1024;
    size_t sharedBytes = 0;
};
struct Ptx {
    int version = 0, target = 0; // 63 for 6.3, 75 for sm_75
    std::vector<PtxEntry> entries{};
    std::vector<std::string> globals{};
    size_t sharedBytes = 0; // of arrays that several entries use
    std::string error{};
};
Ptx parsePtx(const std::string& text);
} // namespace driver
