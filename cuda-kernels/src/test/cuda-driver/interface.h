// What libcuda.so.1 offers beside the driver API: to tests (C functions, callable from Java through
// java.lang.foreign) and to the stub libraries (the C++ functions).
#pragma once
#include <functional>
#include <string>
#define EMULATION_API __attribute__((visibility("default")))
extern "C" {
// Same keys as the environment variables, without the CUDA_EMULATION_ prefix: set("MODE", "lazy"). 0 = known key.
EMULATION_API int cuEmulationSet(const char* key, const char* value);
EMULATION_API int cuEmulationReset(); // back to the environment's settings
EMULATION_API long long cuEmulationLaunches(const char* kernel); // of one kernel; of all if the name is empty
// Diagnostics since the last call, one a line; copied into buffer, returns the length.
EMULATION_API int cuEmulationMessages(char* buffer, int capacity);
EMULATION_API int cuEmulationStatistics(char* buffer, int capacity);
EMULATION_API long long cuEmulationCalls(const char* function); // how often an entry point was called
}
namespace emulation {
EMULATION_API int enter(
        const char* function); // counts the call; a CUresult or library status to inject, else 0
EMULATION_API bool submit(void* stream, const std::string& name, std::function<void()> body);
EMULATION_API bool check(
        const void* device, size_t bytes, const std::string& who); // inside body: false = reported
EMULATION_API void poison(void* device, size_t bytes);
EMULATION_API void report(const std::string& message);
EMULATION_API void hold(const char* kind, int change); // objects to be given back, for the list of leaks
EMULATION_API int notEmulated(const char* function, int status);
}
