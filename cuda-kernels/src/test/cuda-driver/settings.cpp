// Settings, from the environment or by cuEmulationSet. Never destroyed, like all that lives for ever here:
// daemon threads may call while the process exits.
#include <cstdlib>
#include "driver.h"
#include "interface.h"

namespace driver {
Settings& settings = *new Settings;
std::recursive_mutex& lock = *new std::recursive_mutex;
static uint64_t randomState = 1;

struct Rule {
    std::string name;
    uint64_t nth;
    CUresult code;
};
static auto& rules = *new std::vector<Rule>;

uint64_t randomNumber() { // splitmix64
    uint64_t z = (randomState += 0x9E3779B97F4A7C15ull);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
    return z ^ (z >> 31);
}

CUresult injectedError(const std::string& function) {
    for (Rule& rule : rules) {
        if (rule.name == function && rule.nth && --rule.nth == 0) {
            report(text("injected: %s returns %d", function.c_str(), rule.code));
            return rule.code;
        }
    }
    return SUCCESS;
}

static size_t bytes(const std::string& value) {
    char* end;
    double number = strtod(value.c_str(), &end);
    int shift = *end == 'K' ? 10 : *end == 'M' ? 20 : *end == 'G' ? 30 : 0;
    return (size_t)(number * (double)(1ull << shift));
}

static Order orderOf(const std::string& value) {
    size_t colon = value.find(':');
    if (colon != std::string::npos) {
        settings.seed = strtoull(value.c_str() + colon + 1, nullptr, 10);
    }
    randomState = settings.seed;
    if (value.rfind("random", 0) == 0) {
        return Order::random;
    }
    return value == "reverse" ? Order::reverse : Order::forward;
}

static Guard guardOf(const std::string& value) {
    static const std::map<std::string, Guard> values = {
            {"off", Guard::off}, {"free", Guard::free}, {"all", Guard::all}};
    return values.count(value) ? values.at(value) : Guard::launch;
}

static void setRules(const std::string& value) { // name:nth:code,... counted from now
    rules.clear();
    for (size_t at = 0; at < value.size();) {
        size_t end = std::min(value.find(',', at), value.size());
        char name[128];
        unsigned long long nth;
        int code;
        if (sscanf(value.substr(at, end - at).c_str(), "%127[^:]:%llu:%d", name, &nth, &code) == 3) {
            rules.push_back({name, nth, code});
        } else {
            report("FAIL: expected name:nth:code, came " + value.substr(at, end - at));
        }
        at = end + 1;
    }
}

static bool set(const std::string& key, const std::string& value) {
    static const std::map<std::string, std::function<void(const std::string&, bool)>> setters = {
            {"MODE", [](auto& v, bool) { settings.lazy = v == "lazy"; }},
            {"THREADS", [](auto& v, bool) { settings.threads = orderOf(v); }},
            {"BLOCKS", [](auto& v, bool) { settings.blocks = orderOf(v); }},
            {"STREAMS", [](auto& v, bool) { settings.streams = orderOf(v); }},
            {"MEMORY", [](auto& v, bool) { settings.memory = bytes(v); }},
            {"POISON", [](auto&, bool on) { settings.poison = on; }},
            {"GUARD", [](auto& v, bool) { settings.guard = guardOf(v); }},
            {"BARRIER", [](auto& v, bool) { settings.strictBarriers = v != "lenient"; }},
            {"FREE_WAITS", [](auto&, bool on) { settings.freeWaits = on; }},
            {"FAIL", [](auto& v, bool) { setRules(v); }},
            {"COMPUTE", [](auto& v, bool) { settings.compute = atoi(v.c_str()); }},
            {"DRIVER", [](auto& v, bool) { settings.driver = atoi(v.c_str()); }},
            {"MULTIPROCESSORS", [](auto& v, bool) { settings.multiprocessors = atoi(v.c_str()); }},
            {"PTX", [](auto&, bool on) { settings.checkPtx = on; }},
            {"STATISTICS", [](auto& v, bool) { settings.statistics = v; }},
            {"LOG", [](auto& v, bool) { settings.log = v; }},
            {"TRACE", [](auto&, bool on) { settings.trace = on; }},
            {"STACK", [](auto& v, bool) { settings.fiberStack = bytes(v); }},
    };
    auto found = setters.find(key);
    if (found == setters.end()) {
        return false;
    }
    found->second(value, value != "0" && value != "off");
    return true;
}

extern "C" char** environ;
static const int environmentRead = [] {
    const std::string prefix = "CUDA_EMULATION_";
    for (char** e = environ; e && *e; e++) {
        std::string entry = *e;
        if (entry.rfind(prefix, 0) == 0) {
            size_t equals = entry.find('=');
            std::string key = entry.substr(prefix.size(), equals - prefix.size());
            if (!set(key, entry.substr(equals + 1))) {
                report("no setting CUDA_EMULATION_" + key);
            }
        }
    }
    return 0;
}();
static const Settings& initial = *new Settings(settings);
} // namespace driver

using namespace driver;
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
