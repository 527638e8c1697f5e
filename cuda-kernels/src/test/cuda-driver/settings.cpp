// Settings (environment or cuEmulationSet), fault injection, diagnostics.
#include <cstdarg>
#include <cstdlib>
#include <cstring>
#include "driver.h"
#include "interface.h"

namespace driver {
// Never destroyed: daemon threads may still call while the process exits.
Settings& settings = *new Settings;
std::recursive_mutex& lock = *new std::recursive_mutex;
static std::string& messages = *new std::string;
static uint64_t randomState = 1;

std::string text(const char* format, ...) {
    char buffer[1024];
    va_list list;
    va_start(list, format);
    vsnprintf(buffer, sizeof buffer, format, list);
    va_end(list);
    return buffer;
}

uint64_t randomNumber() { // splitmix64
    uint64_t z = (randomState += 0x9E3779B97F4A7C15ull);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
    return z ^ (z >> 31);
}

void report(const std::string& message) {
    messages += message + "\n";
    if (messages.size() > (1 << 16)) {
        messages.erase(0, messages.size() - (1 << 15));
    }
    FILE* out = settings.log.empty()    ? stderr
                : settings.log == "off" ? nullptr
                                        : fopen(settings.log.c_str(), "a");
    if (!out) {
        return;
    }
    fprintf(out, "cuda-emulation: %s\n", message.c_str());
    if (out != stderr) {
        fclose(out);
    }
}
CUresult report(CUresult error, const std::string& message) {
    report(message + text(" [error %d]", error));
    return error;
}

// ---- fault injection: FAIL=name:nth:code,... counted from the moment it is set ----
struct Rule {
    std::string name;
    uint64_t nth;
    CUresult code;
};
static std::vector<Rule>& rules = *new std::vector<Rule>;
static std::map<std::string, uint64_t>& counts() {
    static auto* m = new std::map<std::string, uint64_t>;
    return *m;
}

static std::string plainName(std::string name) { // cuMemAlloc_v2 and cuMemAlloc are the same to a test
    size_t at = name.rfind("_v");
    if (at != std::string::npos && at + 3 == name.size()) {
        name.resize(at);
    }
    return name;
}
static CUresult countCall(const char* name) {
    std::string plain = plainName(name);
    counts()[plain]++;
    if (settings.trace) {
        report("call " + plain);
    }
    for (Rule& rule : rules) {
        if (rule.name == plain && rule.nth && --rule.nth == 0) {
            report(text("injected fault: %s returns %d", name, rule.code));
            return rule.code;
        }
    }
    return SUCCESS;
}
CallSite::CallSite(const char* name) : name(name), calls(0) {
}
CUresult injectedFault(CallSite& site) {
    site.calls++;
    return countCall(site.name);
}

static size_t bytes(const std::string& value) {
    char* end;
    double number = strtod(value.c_str(), &end);
    int shift = *end == 'K' || *end == 'k'   ? 10
                : *end == 'M' || *end == 'm' ? 20
                : *end == 'G' || *end == 'g' ? 30
                                             : 0;
    return (size_t)(number * (double)(1ull << shift));
}
static Order order(const std::string& value) {
    size_t colon = value.find(':');
    if (colon != std::string::npos) {
        settings.seed = strtoull(value.c_str() + colon + 1, nullptr, 10);
    }
    randomState = settings.seed;
    return value[0] == 'r' && value[1] == 'e' ? Order::reverse
           : value[0] == 'r'                  ? Order::random
                                              : Order::forward;
}

bool set(const std::string& key, const std::string& value) {
    bool on = value != "0" && value != "off" && value != "false";
    if (key == "MODE") {
        settings.lazy = value == "lazy";
    } else if (key == "THREADS") {
        settings.threads = order(value);
    } else if (key == "BLOCKS") {
        settings.blocks = order(value);
    } else if (key == "STREAMS") {
        settings.streams = order(value);
    } else if (key == "MEMORY") {
        settings.memory = bytes(value);
    } else if (key == "POISON") {
        settings.poison = on;
    } else if (key == "GUARD") {
        settings.guard = value == "launch" ? 3 : value == "sync" ? 2 : value == "free" ? 1 : on ? 3 : 0;
    } else if (key == "BARRIER") {
        settings.strictBarriers = value != "lenient";
    } else if (key == "FREE_WAITS") {
        settings.freeWaits = on;
    } else if (key == "PTX") {
        settings.checkPtx = on;
    } else if (key == "COMPUTE") {
        settings.compute = atoi(value.c_str());
    } else if (key == "DRIVER") {
        settings.driver = atoi(value.c_str());
    } else if (key == "MULTIPROCESSORS") {
        settings.multiprocessors = atoi(value.c_str());
    } else if (key == "STACK") {
        settings.fiberStack = bytes(value);
    } else if (key == "STATISTICS") {
        settings.statistics = value;
    } else if (key == "LOG") {
        settings.log = value;
    } else if (key == "TRACE") {
        settings.trace = on;
    } else if (key == "FAIL") {
        rules.clear();
        for (size_t at = 0; at < value.size();) {
            size_t end = std::min(value.find(',', at), value.size());
            char name[128];
            unsigned long long nth;
            int code;
            if (sscanf(value.substr(at, end - at).c_str(), "%127[^:]:%llu:%d", name, &nth, &code) == 3) {
                rules.push_back({plainName(name), nth, code});
            } else {
                report("FAIL: expected name:nth:code, came " + value.substr(at, end - at));
            }
            at = end + 1;
        }
    } else {
        return false;
    }
    return true;
}

// The environment is read when the library is loaded; an unknown variable is a typing error worth a line.
extern "C" char** environ;
static const int environmentRead = [] {
    for (char** e = environ; e && *e; e++) {
        std::string entry = *e;
        if (entry.rfind("CUDA_EMULATION_", 0) != 0) {
            continue;
        }
        size_t equals = entry.find('=');
        std::string key = entry.substr(15, equals - 15);
        if (!set(key, entry.substr(equals + 1))) {
            report("unknown environment variable CUDA_EMULATION_" + key);
        }
    }
    return 0;
}();

static auto& held = *new std::map<std::string, long long>;
void hold(const char* kind, int change) {
    held[kind] += change;
}

static const Settings initial = settings;

static void printCalls(FILE* out) {
    for (auto& [name, n] : counts()) {
        fprintf(out, "calls    %-40s %llu\n", name.c_str(), (unsigned long long)n);
    }
}
static void print(FILE* out) {
    printStatistics(out);
    printCalls(out);
    reportLeaks(out);
    for (auto& [kind, count] : held) {
        if (count) {
            fprintf(out, "leak     %lld %s\n", count, kind.c_str());
        }
    }
}
__attribute__((destructor)) static void atExit() {
    if (settings.statistics.empty()) {
        return;
    }
    if (FILE* out = fopen(settings.statistics.c_str(), "w")) {
        print(out);
        fclose(out);
    }
}
} // namespace driver

using namespace driver;
static int copyOut(const std::string& s, char* buffer, int capacity) {
    if (buffer && capacity > 0) {
        size_t n = std::min(s.size(), (size_t)capacity - 1);
        memcpy(buffer, s.data(), n);
        buffer[n] = 0;
    }
    return (int)s.size();
}
int cuEmulationSet(const char* key, const char* value) {
    std::lock_guard<std::recursive_mutex> guard(lock);
    return set(key, value) ? 0 : 1;
}
int cuEmulationReset() {
    std::lock_guard<std::recursive_mutex> guard(lock);
    settings = initial;
    randomState = settings.seed;
    rules.clear();
    return 0;
}
long long cuEmulationLaunches(const char* kernel) {
    std::lock_guard<std::recursive_mutex> guard(lock);
    return (long long)launchCount(kernel);
}
int cuEmulationMessages(char* buffer, int capacity) {
    std::lock_guard<std::recursive_mutex> guard(lock);
    int n = copyOut(messages, buffer, capacity);
    messages.clear();
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
    auto found = counts().find(plainName(function));
    return found == counts().end() ? 0 : (long long)found->second;
}

namespace emulation {
int enter(const char* function) {
    std::lock_guard<std::recursive_mutex> guard(lock);
    return countCall(function);
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
    if (checkRange(device, bytes, who) == SUCCESS) {
        return true;
    }
    checkFailed = true;
    return false;
}
void poison(void* device, size_t bytes) {
    if (!settings.poison || !device) {
        return;
    }
    uint32_t* p = (uint32_t*)device;
    for (size_t i = 0; i < bytes / 4; i++) {
        p[i] = 0x7FFF7FFFu;
    }
}
void report(const std::string& message) {
    driver::report(message);
}
void hold(const char* kind, int change) {
    std::lock_guard<std::recursive_mutex> guard(lock);
    driver::hold(kind, change);
}
int notEmulated(const char* function, int status) {
    enter(function);
    report(std::string(function) + ": the software driver does not have it");
    return status;
}
} // namespace emulation
