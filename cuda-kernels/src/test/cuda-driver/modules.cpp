// Modules, the kernel registry, launches, launch statistics.
#include <algorithm>
#include <cstring>
#include <fstream>
#include <sstream>
#include "driver.h"
#include "ptx.h"
#include <sys/uio.h>
#include <unistd.h>

namespace driver {
using device::Variable;
struct RegisteredVariable {
    Variable variable;
    std::vector<char> initial;
};
static auto& kernels() {
    static auto* m = new std::map<std::string, const Kernel*>;
    return *m;
}
static auto& variables() {
    static auto* m = new std::map<std::string, RegisteredVariable>;
    return *m;
}
struct Module {
    Context* context;
    std::map<std::string, Function*> functions;
    std::vector<std::string> globals;
};
static Handles<Module> modules{"modules"};
static Handles<Function> functions{nullptr};

struct Count {
    uint64_t launches, blocks, threads;
    double seconds;
};
static auto& launchCounts = *new std::map<std::string, Count>;
static uint64_t copied[3];
void addCopied(int direction, size_t bytes) {
    copied[direction] += bytes;
}
void noteLaunch(const Kernel* k, const Launch& l, double seconds) {
    Count& c = launchCounts[k->name];
    uint64_t blocks = (uint64_t)l.grid.x * l.grid.y * l.grid.z;
    c.launches++;
    c.blocks += blocks;
    c.threads += blocks * l.block.x * l.block.y * l.block.z;
    c.seconds += seconds;
}
uint64_t launchCount(const std::string& kernel) {
    uint64_t sum = 0;
    for (auto& [name, c] : launchCounts) {
        if (kernel.empty() || name == kernel) {
            sum += c.launches;
        }
    }
    return sum;
}
void printStatistics(FILE* out) {
    for (auto& [name, c] : launchCounts) {
        fprintf(out, "kernel   %-40s launches %llu, blocks %llu, threads %llu, %.3f ms\n", name.c_str(),
                (unsigned long long)c.launches, (unsigned long long)c.blocks, (unsigned long long)c.threads,
                c.seconds * 1e3);
    }
    for (auto& [name, k] : kernels()) {
        if (!launchCounts.count(name)) {
            fprintf(out, "kernel   %-40s never launched\n", name.c_str());
        }
    }
    fprintf(out, "copied   HtoD %llu, DtoH %llu, DtoD %llu bytes\n", (unsigned long long)copied[0],
            (unsigned long long)copied[1], (unsigned long long)copied[2]);
    fprintf(out, "memory   %zu allocations, peak %zu, in use %zu bytes\n", allocationCount(), memoryPeak(),
            memoryInUse());
}

static CUresult checkAgainstRegistry(const Ptx& ptx, std::string& why) {
    if (!ptx.error.empty()) {
        why = ptx.error;
        return INVALID_PTX;
    }
    // The newest PTX ISA a driver of this version reads: 12.0 -> 8.0 ... 12.5 and 12.6 -> 8.5, 12.9 -> 8.8, 13.0 -> 9.0.
    int major = settings.driver / 1000, minor = settings.driver % 1000 / 10;
    int newest = major >= 13 ? 90 + minor : major == 12 ? 80 + (minor > 5 ? minor - 1 : minor) : 78;
    if (ptx.version > newest) {
        why = text("PTX ISA %d.%d is newer than driver %d.%d reads (%d.%d)", ptx.version / 10,
                ptx.version % 10, major, minor, newest / 10, newest % 10);
        return UNSUPPORTED_PTX_VERSION;
    }
    if (ptx.target > settings.compute) {
        why = text("PTX for sm_%d, device is sm_%d", ptx.target, settings.compute);
        return NO_BINARY_FOR_GPU;
    }
    for (const PtxEntry& e : ptx.entries) {
        auto it = kernels().find(e.name);
        if (it == kernels().end()) {
            why += "entry " + e.name + " is in the PTX but was not compiled for the emulator; ";
            continue;
        }
        const Kernel* k = it->second;
        if ((int)e.parameters.size() != k->count) {
            why += text("%s has %zu parameters in the PTX, %d in %s; ", e.name.c_str(), e.parameters.size(),
                    k->count, k->file);
            continue;
        }
        for (int i = 0; i < k->count; i++) {
            if (e.parameters[i].size != k->parameters[i].size ||
                    e.parameters[i].alignment != k->parameters[i].alignment) {
                why += text(
                        "%s, parameter %d: %zu bytes aligned to %zu in the PTX, %zu aligned to %zu in %s; ",
                        e.name.c_str(), i, e.parameters[i].size, e.parameters[i].alignment,
                        k->parameters[i].size, k->parameters[i].alignment, k->file);
            }
        }
    }
    if (!why.empty()) {
        why += "is the PTX stale?";
    }
    return why.empty() ? SUCCESS : INVALID_PTX;
}

static CUresult load(void** result, const std::string& image, std::string& why) {
    if (image.rfind("\177ELF", 0) == 0) {
        why = "a cubin cannot be emulated: give the PTX";
        return NO_BINARY_FOR_GPU;
    }
    Ptx ptx = parsePtx(image);
    if (settings.checkPtx) {
        if (CUresult e = checkAgainstRegistry(ptx, why)) {
            return e;
        }
    }
    Module* m = modules.add(new Module{current(), {}, ptx.globals});
    for (const PtxEntry& e : ptx.entries) {
        if (kernels().count(e.name)) {
            m->functions[e.name] =
                    functions.add(new Function{kernels()[e.name], m, e.maxThreads, (int)e.sharedBytes});
        }
    }
    for (const std::string& g :
            ptx.globals) { // a freshly loaded module has its initial values (here shared by all modules)
        auto it = variables().find(g);
        if (it != variables().end()) {
            memcpy(it->second.variable.address, it->second.initial.data(), it->second.initial.size());
        }
    }
    *result = m;
    return SUCCESS;
}
static CUresult loadAndReport(void** result, const std::string& image, std::string* log = nullptr) {
    std::string why;
    CUresult e = load(result, image, why);
    if (log) {
        *log = why;
    }
    return e ? report(e, "module load: " + why) : SUCCESS;
}

static void unload(Module* m) {
    for (auto& f : m->functions) {
        functions.remove(f.second);
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

static bool readable(
        const void* p, size_t bytes) { // asks the kernel, so that a bad pointer cannot crash the process
    char buffer[4096];
    iovec local{buffer, std::min(bytes, sizeof buffer)}, remote{(void*)p, std::min(bytes, sizeof buffer)};
    static bool works = [] {
        char a = 1, b;
        iovec l{&b, 1}, r{&a, 1};
        return process_vm_readv(getpid(), &l, 1, &r, 1, 0) == 1;
    }();
    return !works || process_vm_readv(getpid(), &local, 1, &remote, 1, 0) == (ssize_t)local.iov_len;
}
} // namespace driver

namespace device {
void addKernel(const Kernel* k) {
    driver::kernels()[k->name] = k;
}
void addVariable(Variable v) {
    driver::variables()[v.name] = {v, std::vector<char>((char*)v.address, (char*)v.address + v.size)};
}
} // namespace device

using namespace driver;
API cuModuleLoadData(void** m, const void* image) {
    ENTER(cuModuleLoadData);
    return loadAndReport(m, (const char*)image);
}
API cuModuleLoadDataEx(void** m, const void* image, unsigned n, int* options, void** values) {
    ENTER(cuModuleLoadDataEx);
    std::string log;
    CUresult e = loadAndReport(m, (const char*)image, &log);
    char* buffer = nullptr;
    size_t size = 0;
    for (unsigned i = 0; i < n; i++) { // CU_JIT_ERROR_LOG_BUFFER and its size
        if (options[i] == 5) {
            buffer = (char*)values[i];
        }
        if (options[i] == 6) {
            size = (size_t)(uintptr_t)values[i];
        }
    }
    if (buffer && size) {
        snprintf(buffer, size, "%s", log.c_str());
    }
    return e;
}
API cuModuleLoadFatBinary(void** m, const void* image) {
    ENTER(cuModuleLoadFatBinary);
    return loadAndReport(m, (const char*)image);
}
API cuModuleLoad(void** m, const char* file) {
    ENTER(cuModuleLoad);
    std::ifstream in(file);
    if (!in) {
        return 301; // FILE_NOT_FOUND
    }
    std::stringstream s;
    s << in.rdbuf();
    return loadAndReport(m, s.str());
}
API cuModuleUnload(void* h) {
    ENTER(cuModuleUnload);
    Module* m = modules.get(h);
    if (!m) {
        return report(INVALID_HANDLE, "cuModuleUnload: unknown or unloaded module");
    }
    unload(m);
    return SUCCESS;
}
API cuModuleGetFunction(void** f, void* h, const char* name) {
    ENTER(cuModuleGetFunction);
    Module* m = modules.get(h);
    if (!m) {
        return report(INVALID_HANDLE, "cuModuleGetFunction: unknown or unloaded module");
    }
    auto it = m->functions.find(name);
    if (it == m->functions.end()) {
        return report(NOT_FOUND, std::string("no kernel ") + name + " in this module");
    }
    *f = it->second;
    return SUCCESS;
}
API cuModuleGetGlobal_v2(CUdeviceptr* p, size_t* bytes, void* h, const char* name) {
    ENTER(cuModuleGetGlobal);
    Module* m = modules.get(h);
    if (!m) {
        return INVALID_HANDLE;
    }
    auto it = variables().find(name);
    if (it == variables().end() ||
            std::find(m->globals.begin(), m->globals.end(), name) == m->globals.end()) {
        return report(NOT_FOUND, std::string("no variable ") + name + " in this module");
    }
    addGlobal((uintptr_t)it->second.variable.address, it->second.variable.size);
    if (p) {
        *p = (CUdeviceptr)it->second.variable.address;
    }
    if (bytes) {
        *bytes = it->second.variable.size;
    }
    return SUCCESS;
}
API cuModuleGetLoadingMode(int* mode) {
    *mode = 1;
    return SUCCESS;
}

static CUresult launchKernel(const char* site, Function* f, dim3 grid, dim3 block, unsigned sharedBytes,
        Stream* s, void** parameters, void** extra) {
    const Kernel* k = f->kernel;
    std::string who = std::string(site) + " " + k->name;
    uint64_t perBlock = (uint64_t)block.x * block.y * block.z;
    if (!grid.x || !grid.y || !grid.z || !perBlock) {
        return report(INVALID_VALUE, who + text(": empty grid (%u,%u,%u) or block (%u,%u,%u)", grid.x, grid.y,
                                                   grid.z, block.x, block.y, block.z));
    }
    if (perBlock > 1024 || block.x > 1024 || block.y > 1024 || block.z > 64 || grid.y > 65535 ||
            grid.z > 65535 || grid.x > INT_MAX) {
        return report(INVALID_VALUE, who + text(": grid (%u,%u,%u) or block (%u,%u,%u) too large", grid.x,
                                                   grid.y, grid.z, block.x, block.y, block.z));
    }
    if (perBlock > (uint64_t)f->maxThreads) {
        return report(LAUNCH_OUT_OF_RESOURCES, who + text(": %llu threads a block, __launch_bounds__ says %d",
                                                             (unsigned long long)perBlock, f->maxThreads));
    }
    if ((int)sharedBytes + f->staticShared > f->maxDynamicShared) {
        return report(
                INVALID_VALUE, who + text(": %u bytes of dynamic and %d of static shared memory, limit %d",
                                             sharedBytes, f->staticShared, f->maxDynamicShared));
    }
    auto l = std::make_shared<Launch>();
    l->kernel = k;
    l->grid = grid;
    l->block = block;
    l->sharedBytes = sharedBytes;
    // Parameters are copied at the launch, as by a real driver: changing the caller's buffer later must not matter.
    std::vector<size_t> offsets;
    size_t total = 0;
    for (int i = 0; i < k->count; i++) {
        total = (total + k->parameters[i].alignment - 1) / k->parameters[i].alignment *
                k->parameters[i].alignment;
        offsets.push_back(total);
        total += k->parameters[i].size;
    }
    l->values.resize(total + 16);
    char* base = (char*)(((uintptr_t)l->values.data() + 15) & ~(uintptr_t)15);
    if (extra) {
        size_t given = 0;
        char* packed = nullptr;
        for (int i = 0; extra[i]; i += 2) {
            if (extra[i] == (void*)1) {
                packed = (char*)extra[i + 1];
            }
            if (extra[i] == (void*)2) {
                given = *(size_t*)extra[i + 1];
            }
        }
        if (!packed || given != total) {
            return report(INVALID_VALUE,
                    who + text(": packed parameters have %zu bytes, the kernel takes %zu", given, total));
        }
        memcpy(base, packed, total);
    } else {
        if (k->count && !parameters) {
            return report(INVALID_VALUE, who + ": no parameters given");
        }
        if (k->count && !readable(parameters, k->count * sizeof(void*))) {
            return report(INVALID_VALUE, who + ": the parameter list is not readable");
        }
        for (int i = 0; i < k->count; i++) {
            if (!readable(parameters[i], k->parameters[i].size)) {
                return report(INVALID_VALUE, who + text(": parameter %d of %d is not readable (list shorter "
                                                        "than the signature in %s?)",
                                                           i, k->count, k->file));
            }
            memcpy(base + offsets[i], parameters[i], k->parameters[i].size);
        }
    }
    for (int i = 0; i < k->count; i++) {
        l->arguments.push_back(base + offsets[i]);
    }
    return enqueue(s, who, [l] { return runLaunch(*l); });
}
API cuLaunchKernel(void* h, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz,
        unsigned shared, void* hs, void** parameters, void** extra) {
    ENTER(cuLaunchKernel);
    Function* f = functions.get(h);
    if (!f) {
        return report(INVALID_HANDLE, "cuLaunchKernel: unknown function, or its module was unloaded");
    }
    Stream* s = streamOf(hs);
    if (!s) {
        return report(INVALID_HANDLE, "cuLaunchKernel: unknown or destroyed stream");
    }
    return launchKernel("launch of", f, {gx, gy, gz}, {bx, by, bz}, shared, s, parameters, extra);
}
#define FUNCTION(variable, handle) \
    Function* variable = functions.get(handle); \
    if (!variable) \
    return INVALID_HANDLE
API cuFuncGetAttribute(int* v, int attribute, void* h) {
    ENTER(cuFuncGetAttribute);
    FUNCTION(f, h);
    const int values[] = {f->maxThreads, f->staticShared, 0, 0, 32, settings.compute, settings.compute, 0,
            f->maxDynamicShared - f->staticShared, -1};
    if (attribute < 0 || attribute >= 10) {
        return INVALID_VALUE;
    }
    *v = values[attribute];
    return SUCCESS;
}
API cuFuncSetAttribute(void* h, int attribute, int v) {
    ENTER(cuFuncSetAttribute);
    FUNCTION(f, h);
    if (attribute == 8) {
        if (v + f->staticShared > 65536) {
            return INVALID_VALUE;
        }
        f->maxDynamicShared = v + f->staticShared;
    }
    return SUCCESS;
}
API cuFuncSetCacheConfig(void*, int) {
    ENTER(cuFuncSetCacheConfig);
    return SUCCESS;
}
API cuFuncSetSharedMemConfig(void*, int) {
    ENTER(cuFuncSetSharedMemConfig);
    return SUCCESS;
}
API cuFuncGetModule(void** m, void* h) {
    ENTER(cuFuncGetModule);
    FUNCTION(f, h);
    *m = f->module;
    return SUCCESS;
}

// ---- occupancy: a plausible model of one multiprocessor (1024 threads, 16 blocks, 64 KiB shared) ----
static int activeBlocks(Function* f, int threads, size_t dynamic) {
    if (threads <= 0 || threads > f->maxThreads) {
        return 0;
    }
    size_t shared = dynamic + f->staticShared;
    int n = std::min(16, 1024 / ((threads + 31) / 32 * 32));
    return shared ? std::min<int>(n, 65536 / shared) : n;
}
API cuOccupancyMaxActiveBlocksPerMultiprocessor(int* n, void* h, int threads, size_t dynamic) {
    ENTER(cuOccupancyMaxActiveBlocksPerMultiprocessor);
    FUNCTION(f, h);
    *n = activeBlocks(f, threads, dynamic);
    return SUCCESS;
}
API cuOccupancyMaxActiveBlocksPerMultiprocessorWithFlags(
        int* n, void* h, int threads, size_t dynamic, unsigned) {
    return cuOccupancyMaxActiveBlocksPerMultiprocessor(n, h, threads, dynamic);
}
API cuOccupancyMaxPotentialBlockSize(
        int* grid, int* block, void* h, size_t (*size)(int), size_t dynamic, int limit) {
    ENTER(cuOccupancyMaxPotentialBlockSize);
    FUNCTION(f, h);
    int best = 0, bestThreads = 0;
    for (int t = std::min(f->maxThreads, limit > 0 ? limit : 1024) / 32 * 32; t > 0; t -= 32) {
        int threads = t * activeBlocks(f, t, size ? size(t) : dynamic);
        if (threads > bestThreads) {
            bestThreads = threads;
            best = t;
        }
    }
    *block = best;
    *grid = best ? bestThreads / best * settings.multiprocessors : 0;
    return SUCCESS;
}
API cuOccupancyMaxPotentialBlockSizeWithFlags(
        int* g, int* b, void* h, size_t (*size)(int), size_t dynamic, int limit, unsigned) {
    return cuOccupancyMaxPotentialBlockSize(g, b, h, size, dynamic, limit);
}
API cuOccupancyAvailableDynamicSMemPerBlock(size_t* bytes, void* h, int blocks, int) {
    ENTER(cuOccupancyAvailableDynamicSMemPerBlock);
    FUNCTION(f, h);
    *bytes = std::min<size_t>(49152, 65536 / std::max(1, blocks)) - f->staticShared;
    return SUCCESS;
}
