// The emulated driver's internal vocabulary. One global lock guards everything; one kernel runs at a time.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>
#include "language.h"
#undef assert

typedef int CUresult;
typedef unsigned long long CUdeviceptr;
enum : CUresult {
    SUCCESS = 0,
    INVALID_VALUE = 1,
    OUT_OF_MEMORY = 2,
    NOT_INITIALIZED = 3,
    INVALID_DEVICE = 101,
    INVALID_IMAGE = 200,
    INVALID_CONTEXT = 201,
    NO_BINARY_FOR_GPU = 209,
    INVALID_PTX = 218,
    UNSUPPORTED_PTX_VERSION = 222,
    INVALID_HANDLE = 400,
    NOT_FOUND = 500,
    NOT_READY = 600,
    ILLEGAL_ADDRESS = 700,
    LAUNCH_OUT_OF_RESOURCES = 701,
    ASSERT_FAILED = 710,
    HOST_MEMORY_ALREADY_REGISTERED = 712,
    HOST_MEMORY_NOT_REGISTERED = 713,
    LAUNCH_FAILED = 719,
    NOT_SUPPORTED = 801,
    CAPTURE_UNSUPPORTED = 900,
    CAPTURE_INVALIDATED = 901,
    CAPTURE_UNJOINED = 904,
    CAPTURE_IMPLICIT = 906,
};

namespace driver {
using device::Kernel;
std::string text(const char* format, ...) __attribute__((format(printf, 1, 2)));

// ---- settings.cpp ----
enum class Order { forward, reverse, random };
struct Settings {
    bool lazy = false, poison = true, trace = false, checkPtx = true, strictBarriers = true, freeWaits = true;
    int guard = 3; // 0 off, 1 at free, 2 also at synchronise, 3 also after each launch
    Order threads = Order::forward, blocks = Order::forward, streams = Order::forward;
    uint64_t seed = 1;
    size_t memory = size_t(8) << 30;
    int compute = 75, driver = 12060, multiprocessors = 40;
    size_t fiberStack = 64 << 10;
    std::string statistics, log;
};
extern Settings& settings;
bool set(const std::string& key, const std::string& value);
void hold(const char* kind, int change); // counts objects that somebody has to give back
uint64_t randomNumber();
void report(const std::string& message); // to the log, and kept for cuEmulationMessages
CUresult report(CUresult error, const std::string& message);

// ---- every entry point ----
struct Context;
extern std::recursive_mutex& lock;
struct CallSite {
    const char* name;
    uint64_t calls;
    CallSite(const char* name);
};
CUresult injectedFault(CallSite&); // counts the call
struct Call {
    std::lock_guard<std::recursive_mutex> guard{lock};
    CUresult error;
    explicit Call(CallSite& site, bool needsContext);
};
#define ENTER_AS(name, needsContext) \
    static driver::CallSite callSite(name); \
    driver::Call call(callSite, needsContext); \
    if (call.error) \
    return call.error
#define ENTER(name) ENTER_AS(#name, true)
#define ENTER_WITHOUT_CONTEXT(name) ENTER_AS(#name, false)
#define API extern "C" __attribute__((visibility("default"))) CUresult

// ---- memory.cpp ----
struct Allocation {
    uintptr_t base;
    size_t size;
    uint64_t number;
    uintptr_t mapBegin, mapEnd; // readable pages; the pages around them are never accessible
    enum State { pending, live, freed } state;
    Context* owner;
    bool streamOrdered;
    std::string describe() const;
};
CUresult allocate(size_t bytes, Context*, CUdeviceptr*, bool streamOrdered);
CUresult release(CUdeviceptr); // checks guards; names double and misplaced frees
void releaseAll(Context*);
Allocation* find(uintptr_t address); // also freed ones
bool isDevice(uintptr_t address);
std::string describeAddress(uintptr_t address);
// Device or pinned memory. running = false: at the call, when a stream-ordered allocation may not have run yet.
CUresult checkRange(const void* p, size_t bytes, const std::string& who, bool running = true);
bool checkGuards(const std::string& who);
size_t memoryInUse(), memoryPeak(), allocationCount();
void reportLeaks(FILE*);
bool isPinned(uintptr_t address, size_t bytes);
bool isGlobal(uintptr_t address, size_t bytes); // a __device__ or __constant__ variable of a loaded module
void addGlobal(uintptr_t address, size_t bytes);
void addCopied(int direction, size_t bytes); // 0 HtoD, 1 DtoH, 2 DtoD

// ---- blocks.cpp ----
struct Launch {
    const Kernel* kernel;
    dim3 grid, block;
    size_t sharedBytes;
    std::vector<char> values;
    std::vector<void*> arguments;
};
CUresult runLaunch(Launch&);
CUresult runGuarded(const std::string& name, const std::function<void()>& body); // turns SIGSEGV into 700

// ---- queue.cpp ----
struct Operation {
    std::string name;
    std::function<CUresult()> body;
    std::shared_ptr<Operation> previous;
    std::vector<std::shared_ptr<Operation>> after;
    bool done = false;
    double finishedAt = 0;
};
using OperationPtr = std::shared_ptr<Operation>;
struct Graph {
    std::vector<std::pair<std::string, std::function<CUresult()>>> nodes;
};
struct Capture {
    Graph* graph;
    struct Stream* origin;
    std::set<struct Stream*> unjoined;
    bool broken = false;
    int mode;
};
struct Stream {
    Context* context;
    bool blocking;
    int priority;
    unsigned flags;
    uint64_t id;
    OperationPtr last;
    Capture* capture = nullptr;
};
struct Event {
    OperationPtr recorded;
    bool timing;
    Capture* capture = nullptr;
    Stream* captureStream = nullptr;
};
struct Context {
    int device = 0;
    unsigned flags = 0;
    bool primary = false;
    int retained = 0;
    uint64_t id;
    CUresult sticky = SUCCESS;
    std::vector<Stream*> streams;
    Stream* legacy;
    Stream* perThread;
};
Context* current();
Context* newContext(unsigned flags);
void endContext(Context*);
void unloadModules(Context*);
Stream* streamOf(void* handle); // null when the handle is unknown or destroyed
CUresult enqueue(Stream*, const std::string& name, std::function<CUresult()>);
CUresult runStream(Stream*); // up to its last operation, with what that depends on
CUresult runEverything(Context*);
CUresult refuseInCapture(const char* what);
// Unknown and destroyed handles are errors, not crashes.
template <class T> struct Handles {
    const char* kind; // for the list of leaks; null: not in it
    std::set<void*> known{};
    T* add(T* t) {
        known.insert(t);
        if (kind) {
            hold(kind, 1);
        }
        return t;
    }
    T* get(void* h) {
        return known.count(h) ? static_cast<T*>(h) : nullptr;
    }
    void remove(void* h) {
        known.erase(h);
        if (kind) {
            hold(kind, -1);
        }
    }
};

// ---- modules.cpp ----
struct Function {
    const Kernel* kernel;
    struct Module* module;
    int maxThreads = 1024, staticShared = 0, maxDynamicShared = 48 << 10;
};
std::string describeKernels();
void noteLaunch(const Kernel*, const Launch&, double seconds);
uint64_t launchCount(const std::string& kernel);
void printStatistics(FILE*);
double now();
} // namespace driver
