// Modules: the kernels that are compiled into this library, checked against the PTX that a real driver would
// get. So a PTX that no longer fits its source does not load.
#include <algorithm>
#include <cstring>
#include "driver.h"
#include "ptx.h"

namespace driver {
struct Module {
    Context* context;
    std::map<std::string, Function*> functions{};
    std::vector<std::string> globals{};
};
struct Variable {
    device::Variable place;
    std::vector<char> initial;
    bool asked = false; // for its address
};
static Handles<Module> modules{"modules"};
Handles<Function> functions{nullptr};

// Made when first needed: the .cu files register before this file's variables exist.
static auto& kernels() {
    static auto& made = *new std::map<std::string, const Kernel*>;
    return made;
}
static auto& variables() {
    static auto& made = *new std::map<std::string, Variable>;
    return made;
}
std::vector<std::string> kernelNames() {
    std::vector<std::string> names;
    for (auto& [name, kernel] : kernels()) {
        names.push_back(name);
    }
    return names;
}
bool isGlobal(uintptr_t address, size_t bytes) {
    for (auto& [name, v] : variables()) {
        uintptr_t begin = (uintptr_t)v.place.address;
        if (v.asked && address >= begin && address + bytes <= begin + v.place.size) {
            return true;
        }
    }
    return false;
}

// The newest PTX that a driver reads: 12.0 reads 8.0, 12.6 reads 8.5, 12.9 reads 8.8, 13.0 reads 9.0.
static int newestPtx() {
    int major = settings.driver / 1000, minor = settings.driver % 1000 / 10;
    return major >= 13 ? 90 + minor : major == 12 ? 80 + (minor > 5 ? minor - 1 : minor) : 78;
}

static std::string difference(const PtxEntry& entry) {
    auto it = kernels().find(entry.name);
    if (it == kernels().end()) {
        return "entry " + entry.name + " is in the PTX, but in no .cu file; ";
    }
    const Kernel* k = it->second;
    if ((int)entry.parameters.size() != k->count) {
        return text("%s has %zu parameters in the PTX, %d in %s; ", k->name, entry.parameters.size(),
                k->count, k->file);
    }
    std::string result;
    for (int i = 0; i < k->count; i++) {
        const PtxParameter& there = entry.parameters[i];
        const device::Parameter& here = k->parameters[i];
        if (there.size != here.size || there.alignment != here.alignment) {
            result +=
                    text("%s, parameter %d: %zu bytes aligned to %zu in the PTX, %zu aligned to %zu in %s; ",
                            k->name, i, there.size, there.alignment, here.size, here.alignment, k->file);
        }
    }
    return result;
}

static CUresult check(const Ptx& ptx, std::string& why) {
    if (!ptx.error.empty()) {
        why = ptx.error;
        return INVALID_PTX;
    }
    if (ptx.version > newestPtx()) {
        why = text("PTX ISA %d.%d is newer than driver %d.%d reads, which is %d.%d", ptx.version / 10,
                ptx.version % 10, settings.driver / 1000, settings.driver % 1000 / 10, newestPtx() / 10,
                newestPtx() % 10);
        return UNSUPPORTED_PTX_VERSION;
    }
    if (ptx.target > settings.compute) {
        why = text("PTX for sm_%d, the device is sm_%d", ptx.target, settings.compute);
        return NO_BINARY_FOR_GPU;
    }
    for (const PtxEntry& entry : ptx.entries) {
        why += settings.checkPtx ? difference(entry) : "";
    }
    if (!why.empty()) {
        why += "is the PTX stale?";
        return INVALID_PTX;
    }
    return SUCCESS;
}

static CUresult load(void** result, const std::string& image, std::string& why) {
    bool isOurs = image.rfind(CUBIN_MARK, 0) == 0;
    if (!isOurs && image.rfind("\177ELF", 0) == 0) {
        why = "a cubin of another driver than this software";
        return report(NO_BINARY_FOR_GPU, why);
    }
    Ptx ptx = parsePtx(isOurs ? image.substr(CUBIN_MARK.size()) : image);
    if (CUresult e = check(ptx, why)) {
        return report(e, "module load: " + why);
    }
    Module* m = modules.add(new Module{current()});
    m->globals = ptx.globals;
    for (const PtxEntry& e : ptx.entries) {
        auto it = kernels().find(e.name);
        if (it != kernels().end()) {
            int shared = (int)(e.sharedBytes + ptx.sharedBytes);
            m->functions[e.name] = functions.add(new Function{it->second, m, e.maxThreads, shared});
        }
    }
    // In a freshly loaded module variables have their first values.
    for (const std::string& name : ptx.globals) {
        auto it = variables().find(name);
        if (it != variables().end()) {
            memcpy(it->second.place.address, it->second.initial.data(), it->second.initial.size());
        }
    }
    *result = m;
    return SUCCESS;
}

static void unload(Module* m) {
    for (auto& [name, function] : m->functions) {
        functions.remove(function);
    }
    modules.remove(m);
}
void unloadModules(Context* context) {
    auto all = modules.known;
    for (void* m : all) {
        if (((Module*)m)->context == context) {
            unload((Module*)m);
        }
    }
}
} // namespace driver

namespace device {
void addKernel(const Kernel* kernel) {
    auto [it, isNew] = driver::kernels().insert({kernel->name, kernel});
    if (!isNew) {
        driver::report(std::string("kernel ") + kernel->name + " is in " + it->second->file + " and in " +
                       kernel->file + ": the first one runs");
    }
}
void addVariable(Variable v) {
    const char* bytes = (const char*)v.address;
    driver::variables()[v.name] = {v, std::vector<char>(bytes, bytes + v.size)};
}
} // namespace device

using namespace driver;
#define MODULE(variable, handle) \
    Module* variable = modules.get(handle); \
    if (!variable) { \
        return report(INVALID_HANDLE, std::string(self) + ": unknown or unloaded module"); \
    }

API cuModuleLoadData(void** m, const void* image) {
    ENTER(cuModuleLoadData)
    std::string why;
    return load(m, (const char*)image, why);
}
API cuModuleLoadDataEx(void** m, const void* image, unsigned n, int* options, void** values) {
    ENTER(cuModuleLoadDataEx)
    const int errorLog = 5, errorLogSize = 6; // CUjit_option
    std::string why;
    CUresult e = load(m, (const char*)image, why);
    char* log = nullptr;
    size_t size = 0;
    for (unsigned i = 0; i < n; i++) {
        log = options[i] == errorLog ? (char*)values[i] : log;
        size = options[i] == errorLogSize ? (unsigned)(uintptr_t)values[i] : size;
    }
    if (log && size) {
        snprintf(log, size, "%s", why.c_str());
    }
    return e;
}
API cuModuleUnload(void* h) {
    ENTER(cuModuleUnload)
    MODULE(m, h)
    unload(m);
    return SUCCESS;
}
API cuModuleGetFunction(void** f, void* h, const char* name) {
    ENTER(cuModuleGetFunction)
    MODULE(m, h)
    auto it = m->functions.find(name);
    if (it == m->functions.end()) {
        return report(NOT_FOUND, std::string("no kernel ") + name + " in this module");
    }
    *f = it->second;
    return SUCCESS;
}
API cuModuleGetGlobal_v2(CUdeviceptr* p, size_t* bytes, void* h, const char* name) {
    ENTER(cuModuleGetGlobal)
    MODULE(m, h)
    auto it = variables().find(name);
    if (it == variables().end() ||
            std::find(m->globals.begin(), m->globals.end(), name) == m->globals.end()) {
        return report(NOT_FOUND, std::string("no variable ") + name + " in this module");
    }
    it->second.asked = true;
    if (p) {
        *p = (CUdeviceptr)it->second.place.address;
    }
    if (bytes) {
        *bytes = it->second.place.size;
    }
    return SUCCESS;
}
