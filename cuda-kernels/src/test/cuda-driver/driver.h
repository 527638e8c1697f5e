// What the files of the software driver share. One lock guards everything; one kernel runs at a time.
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>
#include "language.h"

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
double now(); // seconds

// ---- settings.cpp: README.md has the list ----
enum class Order { forward, reverse, random };
enum class Guard { off, free, launch, all };
struct Settings {
    bool lazy = false, poison = true, trace = false, checkPtx = true, strictBarriers = true, freeWaits = true;
    Guard guard = Guard::launch;
    Order threads = Order::forward, blocks = Order::forward, streams = Order::forward;
    uint64_t seed = 1;
    size_t memory = size_t(8) << 30;
    int compute = 75, driver = 12060, multiprocessors = 40;
    size_t fiberStack = 64 << 10;
    std::string statistics, log;
};
extern Settings& settings;
uint64_t randomNumber();

// ---- reports.cpp: what a test can ask for ----
void report(const std::string& message);
CUresult report(CUresult error, const std::string& message);
CUresult countCall(const char* name); // an error to inject, or SUCCESS
void hold(const char* kind, int change); // counts objects that somebody has to give back
void noteLaunch(const Kernel*, dim3 grid, dim3 block, double seconds);
enum Direction { toDevice, toHost, within };
void noteCopy(Direction, size_t bytes);

// ---- every entry point: counts the call, takes the lock, looks at the context ----
extern std::recursive_mutex& lock;
struct Call {
    std::lock_guard<std::recursive_mutex> guard{lock};
    CUresult error;
    Call(const char* name, bool needsContext);
};
#define API extern "C" __attribute__((visibility("default"))) CUresult
#define ENTER_AS(name, needsContext) \
    static const char* const self = #name; \
    driver::Call call(self, needsContext); \
    if (call.error) { \
        return call.error; \
    }
#define ENTER(name) ENTER_AS(name, true)
#define ENTER_WITHOUT_CONTEXT(name) ENTER_AS(name, false)

// Unknown and destroyed handles are errors, not crashes.
template <class T> struct Handles {
    const char* kind; // in the list of leaks; null: not there
    std::set<void*>& known = *new std::set<void*>;

    T* add(T* t) {
        known.insert(t);
        count(1);
        return t;
    }
    T* get(void* h) const { return known.count(h) ? static_cast<T*>(h) : nullptr; }
    void remove(void* h) {
        known.erase(h);
        count(-1);
    }

private:
    void count(int change) {
        if (kind) {
            hold(kind, change);
        }
    }
};

// ---- memory.cpp ----
struct Context;
struct Allocation {
    uintptr_t base;
    size_t size;
    uint64_t number;
    uintptr_t mapBegin, mapEnd; // readable pages; those around them never are
    enum State { pending, live, freed } state;
    Context* owner;
    bool streamOrdered;
    std::string describe() const;
};
CUresult allocate(size_t bytes, Context*, CUdeviceptr*, bool streamOrdered);
CUresult release(CUdeviceptr); // names double and misplaced frees
void releaseAll(Context*);
Allocation* find(uintptr_t address); // freed ones too
bool isDevice(uintptr_t address);
std::string describeAddress(uintptr_t address);
// Whether it is device or pinned memory. running = false: at the call, when a stream-ordered allocation need
// not have run yet.
CUresult checkRange(const void* p, size_t bytes, const std::string& who, bool running = true);
bool checkGuard(Allocation&, const std::string& who); // the bytes around it; false = reported
bool checkGuards(const std::string& who); // of all
void poison(void* p, size_t bytes);
size_t memoryInUse();
void printMemory(FILE*);
void printAllocations(FILE*);

// ---- copies.cpp ----
bool isPinned(uintptr_t address, size_t bytes);

// ---- blocks.cpp, faults.cpp ----
struct Launch {
    const Kernel* kernel;
    dim3 grid, block;
    size_t sharedBytes; // dynamic
    bool usesStaticShared;
    std::vector<char> values;
    std::vector<void*> arguments;
};
CUresult runLaunch(Launch&);
CUresult runGuarded(const std::string& name, const std::function<void()>& body); // a fault becomes an error

// ---- streams.cpp, graphs.cpp ----
struct Operation {
    std::function<CUresult()> body;
    std::shared_ptr<Operation> previous{}; // on its stream
    std::vector<std::shared_ptr<Operation>> after{}; // on others
    bool done = false;
    double finishedAt = 0;
};
using OperationPtr = std::shared_ptr<Operation>;
struct Stream;
struct Graph {
    std::vector<std::pair<std::string, std::function<CUresult()>>> nodes;
};
struct Capture {
    Graph* graph;
    Stream* origin;
    int mode;
    std::set<Stream*> unjoined{};
    bool broken = false;
};
struct Stream {
    Context* context;
    bool blocking;
    OperationPtr last{};
    Capture* capture = nullptr;
};
struct Event {
    bool timing;
    OperationPtr recorded{};
    Capture* capture = nullptr;
    Stream* captureStream = nullptr;
};
struct Context {
    bool primary = false;
    int retained = 0;
    CUresult sticky = SUCCESS; // after a fault everything fails with it
    std::vector<Stream*> streams{};
    Stream* legacy = nullptr;
};
Context* current();
Context* newContext();
void endContext(Context*);
Stream* streamOf(void* handle); // null when unknown or destroyed
CUresult enqueue(Stream*, const std::string& name, std::function<CUresult()>);
CUresult execute(Context*, const OperationPtr&); // with all that it depends on
CUresult runStream(Stream*);
CUresult runEverything(Context*);
CUresult refuseInCapture(const char* what);
bool joinCapture(Stream*, Event*); // whether the event belongs to a capture
extern Handles<Event> events;
#define STREAM(variable, handle) \
    Stream* variable = streamOf(handle); \
    if (!variable) { \
        return report(INVALID_HANDLE, std::string(self) + ": unknown or destroyed stream"); \
    }
#define EVENT(variable, handle) \
    Event* variable = events.get(handle); \
    if (!variable) { \
        return report(INVALID_HANDLE, std::string(self) + ": unknown or destroyed event"); \
    }

// ---- linking.cpp ----
extern const std::string CUBIN_MARK; // begins what cuLinkComplete makes

// ---- modules.cpp ----
struct Module;
struct Function {
    const Kernel* kernel;
    Module* module;
    int maxThreads = 1024, staticShared = 0, maxShared = 48 << 10;
};
extern Handles<Function> functions;
void unloadModules(Context*);
bool isGlobal(uintptr_t address, size_t bytes); // a variable that a test has asked for
std::vector<std::string> kernelNames();
} // namespace driver
