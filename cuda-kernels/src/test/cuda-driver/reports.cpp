// What the driver has to tell: messages, counts of calls and launches, what was never given back.
#include <time.h>
#include <cstdarg>
#include <cstdlib>
#include <cstring>
#include "driver.h"
#include "interface.h"

namespace driver {
CUresult injectedError(const std::string& function);

struct LaunchCount {
    uint64_t launches, blocks, threads;
    double seconds;
};
// Made when first needed: kernels and environment register before this file's own variables exist.
template <class T> static std::map<std::string, T>& table() {
    static auto& made = *new std::map<std::string, T>;
    return made;
}
static auto& callCounts() {
    return table<uint64_t>();
}
static auto& launchCounts() {
    return table<LaunchCount>();
}
static auto& held() {
    return table<int>();
}
static std::string& messages() {
    static auto& made = *new std::string;
    return made;
}
static uint64_t copied[3];

std::string text(const char* format, ...) {
    char buffer[1024];
    va_list list;
    va_start(list, format);
    vsnprintf(buffer, sizeof buffer, format, list);
    va_end(list);
    return buffer;
}
double now() {
    timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec * 1e-9;
}

void report(const std::string& message) {
    std::string& all = messages();
    all += message + "\n";
    if (all.size() > (1 << 16)) {
        all.erase(0, all.size() - (1 << 15));
    }
    if (settings.log == "off") {
        return;
    }
    FILE* out = settings.log.empty() ? stderr : fopen(settings.log.c_str(), "a");
    if (out) {
        fprintf(out, "software CUDA driver: %s\n", message.c_str());
        if (out != stderr) {
            fclose(out);
        }
    }
}
CUresult report(CUresult error, const std::string& message) {
    report(message + text(" [error %d]", error));
    return error;
}

static std::string plainName(std::string name) { // cuMemAlloc_v2 and cuMemAlloc are the same to a test
    size_t at = name.rfind("_v");
    if (at != std::string::npos && at + 3 == name.size()) {
        name.resize(at);
    }
    return name;
}
CUresult countCall(const char* name) {
    std::string plain = plainName(name);
    callCounts()[plain]++;
    if (settings.trace) {
        report("call " + plain);
    }
    return injectedError(plain);
}
void hold(const char* kind, int change) {
    held()[kind] += change;
}
void noteLaunch(const Kernel* kernel, dim3 grid, dim3 block, double seconds) {
    if (settings.trace) {
        report(std::string("kernel ") + kernel->name);
    }
    LaunchCount& c = launchCounts()[kernel->name];
    uint64_t blocks = (uint64_t)grid.x * grid.y * grid.z;
    c.launches++;
    c.blocks += blocks;
    c.threads += blocks * block.x * block.y * block.z;
    c.seconds += seconds;
}
void noteCopy(Direction direction, size_t bytes) {
    copied[direction] += bytes;
}

static void print(FILE* out) {
    for (auto& [name, c] : launchCounts()) {
        fprintf(out, "kernel   %-40s launches %llu, blocks %llu, threads %llu, %.3f ms\n", name.c_str(),
                (unsigned long long)c.launches, (unsigned long long)c.blocks, (unsigned long long)c.threads,
                c.seconds * 1e3);
    }
    for (const std::string& name : kernelNames()) {
        if (!launchCounts().count(name)) {
            fprintf(out, "kernel   %-40s never launched\n", name.c_str());
        }
    }
    fprintf(out, "copied   to the device %llu, back %llu, within it %llu bytes\n",
            (unsigned long long)copied[toDevice], (unsigned long long)copied[toHost],
            (unsigned long long)copied[within]);
    printMemory(out);
    for (auto& [name, count] : callCounts()) {
        fprintf(out, "calls    %-40s %llu\n", name.c_str(), (unsigned long long)count);
    }
    printAllocations(out);
    for (auto& [kind, count] : held()) {
        if (count) {
            fprintf(out, "held     %d %s\n", count, kind.c_str());
        }
    }
}
__attribute__((destructor)) static void atExit() {
    if (FILE* out = settings.statistics.empty() ? nullptr : fopen(settings.statistics.c_str(), "w")) {
        print(out);
        fclose(out);
    }
}
} // namespace driver

using namespace driver;
static int copyOut(const std::string& s, char* buffer, int capacity) {
    size_t n = std::min(s.size(), (size_t)capacity - 1);
    memcpy(buffer, s.data(), n);
    buffer[n] = 0;
    return (int)n;
}
int cuEmulationMessages(char* buffer, int capacity) {
    std::lock_guard<std::recursive_mutex> guard(lock);
    int n = copyOut(messages(), buffer, capacity);
    messages().clear();
    return n;
}
int cuEmulationStatistics(char* buffer, int capacity) {
    std::lock_guard<std::recursive_mutex> guard(lock);
    char* data = nullptr;
    size_t size = 0;
    FILE* out = open_memstream(&data, &size);
    print(out);
    fclose(out);
    int n = copyOut(std::string(data, size), buffer, capacity);
    free(data);
    return n;
}
long long cuEmulationCalls(const char* function) {
    std::lock_guard<std::recursive_mutex> guard(lock);
    auto found = callCounts().find(plainName(function));
    return found == callCounts().end() ? 0 : (long long)found->second;
}
long long cuEmulationLaunches(const char* kernel) {
    std::lock_guard<std::recursive_mutex> guard(lock);
    uint64_t sum = 0;
    for (auto& [name, c] : launchCounts()) {
        sum += *kernel && name != kernel ? 0 : c.launches;
    }
    return (long long)sum;
}

namespace emulation {
int enter(const char* function) {
    std::lock_guard<std::recursive_mutex> guard(lock);
    return countCall(function);
}
int notEmulated(const char* function, int status) {
    std::lock_guard<std::recursive_mutex> guard(lock);
    countCall(function);
    driver::report(std::string(function) + ": the software driver does not have it");
    return status;
}
void hold(const char* kind, int change) {
    std::lock_guard<std::recursive_mutex> guard(lock);
    driver::hold(kind, change);
}
void report(const std::string& message) {
    std::lock_guard<std::recursive_mutex> guard(lock);
    driver::report(message);
}

static bool checkFailed;
bool submit(void* stream, const std::string& name, std::function<void()> body) {
    std::lock_guard<std::recursive_mutex> guard(lock);
    Stream* s = current() ? streamOf(stream) : nullptr;
    if (!s) {
        driver::report(name + ": no current context, or an unknown or destroyed stream");
        return false;
    }
    return enqueue(s, name, [name, body]() -> CUresult {
        checkFailed = false;
        CUresult e = runGuarded(name, body);
        return e ? e : checkFailed ? ILLEGAL_ADDRESS : SUCCESS;
    }) == SUCCESS;
}
bool check(const void* device, size_t bytes, const std::string& who) {
    bool good = checkRange(device, bytes, who) == SUCCESS;
    checkFailed |= !good;
    return good;
}
void poison(void* device, size_t bytes) {
    if (device) {
        driver::poison(device, bytes);
    }
}
} // namespace emulation
