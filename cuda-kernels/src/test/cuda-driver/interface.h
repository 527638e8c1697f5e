// What libcuda.so.1 offers beside the driver API: to tests, plain C functions that Java calls through
// java.lang.foreign, and to the software cuBLAS and cuDNN.
#pragma once
#include <functional>
#include <string>
#define EMULATION_API __attribute__((visibility("default")))

extern "C" {
// Keys as in the environment, without CUDA_EMULATION_. 0 = there is such a setting.
EMULATION_API int cuEmulationSet(const char* key, const char* value);
// Back to the environment's settings.
EMULATION_API int cuEmulationReset();
// What was reported since the last call, and all counts, one a line; returns the length.
EMULATION_API int cuEmulationMessages(char* buffer, int capacity);
EMULATION_API int cuEmulationStatistics(char* buffer, int capacity);
// How often a function was called, and a kernel run; of an empty name, all kernels.
EMULATION_API long long cuEmulationCalls(const char* function);
EMULATION_API long long cuEmulationLaunches(const char* kernel);
}

namespace emulation {
// Counts the call; a status to return at once, or 0.
EMULATION_API int enter(const char* function);
// Puts work on a stream. Inside, check() says whether a range of device memory may be touched.
EMULATION_API bool submit(void* stream, const std::string& name, std::function<void()> body);
EMULATION_API bool check(const void* device, size_t bytes, const std::string& who);
EMULATION_API void poison(void* device, size_t bytes);
EMULATION_API void hold(const char* kind, int change); // objects to be given back
EMULATION_API void report(const std::string& message);
EMULATION_API int notEmulated(const char* function, int status); // says so, returns the status
} // namespace emulation
