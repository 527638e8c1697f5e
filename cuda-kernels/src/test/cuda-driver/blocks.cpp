// Runs kernels: blocks one after another, each thread of a block a fiber.
//
// A thread runs until it meets a barrier or a warp function. Where there is neither, nothing ever switches:
// one fiber runs thread after thread in a plain loop. A pass resumes every thread that can run, in the chosen
// order; a pass in which none could means that they wait for each other for ever.
#include "blocks.h"
#include <algorithm>
#include <cstring>

uint3 threadIdx, blockIdx;
dim3 blockDim, gridDim;

asm(R"(
.text
.globl switchStack
.hidden switchStack
.type switchStack,@function
switchStack:
    pushq %rbp; pushq %rbx; pushq %r12; pushq %r13; pushq %r14; pushq %r15
    movq %rsp, (%rdi)
    movq %rsi, %rsp
    popq %r15; popq %r14; popq %r13; popq %r12; popq %rbx; popq %rbp
    ret
)");

namespace driver {
using device::Place;

enum class State : uint8_t { fresh, ready, atBarrier, atWarp, done };
// Lanes of a warp that wait for each other; several, with different masks, may be under way. It is busy until
// every lane has woken up and read the values. A lane is in one at a time, so 32 are enough.
struct Meeting {
    unsigned mask, arrived, present, unread, generation;
    Place place;
    uint64_t values[32];
};
struct Warp {
    Meeting meetings[32];
    unsigned ended, open, busy; // lanes, meetings, meetings
};
struct Thread {
    State state;
    unsigned generation; // of what it waits for
    Meeting* meeting;
    Fiber* fiber;
};
struct Barrier {
    unsigned arrived, generation;
    Place place;
    int kind, sum, result;
};

static const size_t mostShared = 256 << 10;
const Launch* running;
std::string& guardedName = *new std::string;
std::vector<Fiber*>& fibers = *new std::vector<Fiber*>;
CUresult failure;
char* const dynamicEnd = [] {
    char* p = (char*)mmap(
            nullptr, mostShared + 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    mprotect(p + mostShared, 4096, PROT_NONE);
    return p + mostShared;
}();
static auto& freeFibers = *new std::vector<Fiber*>;
static auto& threads = *new std::vector<Thread>;
static auto& order = *new std::vector<unsigned>;
static Warp* const warps = new Warp[32]();
static Barrier barrier;
static unsigned threadCount, alive, cursor, currentThread;
static bool flat, anyRan;
static Fiber* currentFiber;
static void* schedulerStack;
static char* dynamicBase;

std::string where() {
    return text("kernel %s, block (%u,%u,%u), thread (%u,%u,%u)", running->kernel->name, blockIdx.x,
            blockIdx.y, blockIdx.z, threadIdx.x, threadIdx.y, threadIdx.z);
}
static std::string at(Place p) {
    const char* slash = strrchr(p.file, '/');
    return text("%s:%d", slash ? slash + 1 : p.file, p.line);
}
void abandon(CUresult code, const std::string& message) {
    failure = report(code, message);
    void* unused;
    switchStack(&unused, schedulerStack);
    __builtin_unreachable();
}

// ---- switching ----
static void enterThread(unsigned t) {
    currentThread = t;
    threadIdx.x = flat ? t : t % blockDim.x;
    threadIdx.y = flat ? 0 : t / blockDim.x % blockDim.y;
    threadIdx.z = flat ? 0 : t / blockDim.x / blockDim.y;
}
static bool isRunnable(const Thread& t) {
    switch (t.state) {
        case State::fresh:
        case State::ready: return true;
        case State::atBarrier: return t.generation != barrier.generation;
        case State::atWarp: return t.generation != t.meeting->generation;
        default: return false;
    }
}
static int nextThread() { // of this pass; -1: none
    while (cursor < threadCount) {
        unsigned t = order[cursor++];
        if (isRunnable(threads[t])) {
            anyRan = true;
            return (int)t;
        }
    }
    return -1;
}
static void fiberMain();
static Fiber* takeFiber() {
    if (freeFibers.empty()) {
        fibers.push_back(new Fiber(settings.fiberStack, (unsigned)fibers.size()));
        freeFibers.push_back(fibers.back());
    }
    Fiber* f = freeFibers.back();
    freeFibers.pop_back();
    f->prepare(fiberMain);
    return f;
}
static void leave(void** save) { // to the next thread of the pass, else to the scheduler
    int t = nextThread();
    if (t < 0) {
        switchStack(save, schedulerStack);
        return;
    }
    enterThread(t);
    if (threads[t].state == State::fresh) {
        threads[t].fiber = takeFiber();
    }
    currentFiber = threads[t].fiber;
    switchStack(save, currentFiber->stackPointer);
}
static void wait() {
    Fiber* mine = currentFiber;
    unsigned me = currentThread;
    leave(&mine->stackPointer);
    currentFiber = mine;
    enterThread(me);
    threads[me].state = State::ready;
}

// ---- barriers and meetings ----
static void openBarrier() {
    Barrier& b = barrier;
    b.result = b.kind == 1 ? b.sum : b.kind == 2 ? b.sum == (int)b.arrived : b.sum != 0;
    b.arrived = 0;
    b.sum = 0;
    b.generation++;
}
static bool isComplete(const Warp& warp, const Meeting& m) { // who has ended is not waited for
    return (m.arrived | (warp.ended & m.mask)) == m.mask;
}
static void openMeeting(Warp& warp, Meeting& m) {
    unsigned bit = 1u << (&m - warp.meetings);
    warp.open &= ~bit;
    warp.busy |= bit;
    m.present = m.arrived;
    m.unread = __builtin_popcount(m.arrived);
    m.generation++;
}
static void endThread() {
    threads[currentThread].state = State::done;
    alive--;
    Warp& warp = warps[currentThread / 32];
    warp.ended |= 1u << currentThread % 32;
    for (unsigned left = warp.open; left; left &= left - 1) {
        Meeting& m = warp.meetings[__builtin_ctz(left)];
        if (isComplete(warp, m)) {
            openMeeting(warp, m);
        }
    }
    if (!barrier.arrived) {
        return;
    }
    if (settings.strictBarriers) {
        std::string waiting = text("%u threads wait at ", barrier.arrived) + at(barrier.place);
        abandon(LAUNCH_FAILED, where() + ": barrier divergence: this thread ended while " + waiting);
    }
    if (barrier.arrived == alive) {
        openBarrier();
    }
}
static void fiberMain() {
    for (;;) {
        running->kernel->invoke(running->arguments.data());
        endThread();
        int t = nextThread();
        if (t >= 0 && threads[t].state == State::fresh) { // most often: go on, on the same stack
            enterThread(t);
            threads[t].fiber = currentFiber;
            continue;
        }
        freeFibers.push_back(currentFiber);
        void* unused;
        if (t < 0) {
            switchStack(&unused, schedulerStack);
        }
        enterThread(t);
        currentFiber = threads[t].fiber;
        switchStack(&unused, currentFiber->stackPointer);
    }
}

static std::string waitingThreads() {
    std::string list;
    unsigned waiting = 0;
    for (unsigned t = 0; t < threadCount; t++) {
        const Thread& thread = threads[t];
        if (thread.state != State::done && waiting++ < 3) {
            Place p = thread.state == State::atWarp ? thread.meeting->place : barrier.place;
            list += text("%s thread %u at %s", list.empty() ? "" : ",", t, at(p).c_str());
        }
    }
    return text("%u of %u threads wait for ever:", waiting, threadCount) + list;
}

// ---- blocks ----
static void runBlock() {
    const Kernel* kernel = running->kernel;
    barrier = {};
    alive = threadCount;
    for (unsigned w = 0; w * 32 < threadCount; w++) {
        unsigned lanes = std::min(32u, threadCount - w * 32); // those beyond the block's end count as ended
        warps[w].ended = lanes == 32 ? 0 : ~0u << lanes;
        warps[w].open = warps[w].busy = 0;
    }
    for (Thread& t : threads) {
        t.state = State::fresh;
    }
    if (running->usesStaticShared) {
        poison(kernel->sharedBegin, kernel->sharedEnd - kernel->sharedBegin);
    }
    poison(dynamicBase, running->sharedBytes);
    while (alive) {
        if (settings.threads == Order::random) {
            for (unsigned i = threadCount - 1; i > 0; i--) {
                std::swap(order[i], order[randomNumber() % (i + 1)]);
            }
        }
        cursor = 0;
        anyRan = false;
        leave(&schedulerStack);
        if (failure) {
            return;
        }
        if (!anyRan) {
            std::string who =
                    text("kernel %s, block (%u,%u,%u)", kernel->name, blockIdx.x, blockIdx.y, blockIdx.z);
            failure = report(LAUNCH_FAILED, who + ": barrier divergence: " + waitingThreads());
            return;
        }
    }
}
static void runBlocks(dim3 grid) {
    FaultGuard guard;
    uint64_t count = (uint64_t)grid.x * grid.y * grid.z;
    std::vector<uint64_t> shuffled(settings.blocks == Order::random ? count : 0);
    for (uint64_t i = 0; i < shuffled.size(); i++) {
        shuffled[i] = i;
        std::swap(shuffled[i], shuffled[randomNumber() % (i + 1)]);
    }
    for (uint64_t i = 0; i < count && !failure; i++) {
        uint64_t b = settings.blocks == Order::reverse ? count - 1 - i : i;
        b = settings.blocks == Order::random ? shuffled[i] : b;
        blockIdx = {(unsigned)(b % grid.x), (unsigned)(b / grid.x % grid.y), (unsigned)(b / grid.x / grid.y)};
        runBlock();
    }
}

static CUresult wrongPointer(const Launch& l, int parameter, uintptr_t address) {
    return report(ILLEGAL_ADDRESS,
            text("kernel %s: parameter %d points to ", l.kernel->name, parameter) + describeAddress(address));
}
// Allocations that the arguments point to: pointers, and 64-bit words of structs that look like some.
static CUresult findArguments(const Launch& l, std::vector<Allocation*>& found) {
    for (int i = 0; i < l.kernel->count; i++) {
        const device::Parameter& p = l.kernel->parameters[i];
        size_t words = p.pointer ? 1 : p.alignment == 8 && p.size > 8 ? p.size / 8 : 0;
        for (size_t w = 0; w < words; w++) {
            uintptr_t address = ((uintptr_t*)l.arguments[i])[w];
            if (!isDevice(address)) {
                if (p.pointer && address && !isPinned(address, 1) && !isGlobal(address, 1)) {
                    return wrongPointer(l, i, address);
                }
                continue;
            }
            Allocation* a = find(address); // none: an empty slice, perhaps; to follow it is a fault anyway
            if (a && a->state != Allocation::live) {
                return wrongPointer(l, i, address);
            }
            if (a) {
                found.push_back(a);
            }
        }
    }
    return SUCCESS;
}

CUresult runLaunch(Launch& l) {
    std::vector<Allocation*> arguments;
    if (CUresult e = findArguments(l, arguments)) {
        return e;
    }
    double begin = now();
    running = &l;
    failure = SUCCESS;
    blockDim = l.block;
    gridDim = l.grid;
    flat = l.block.y == 1 && l.block.z == 1;
    threadCount = l.block.x * l.block.y * l.block.z;
    threads.resize(threadCount);
    order.resize(threadCount);
    for (unsigned i = 0; i < threadCount; i++) {
        order[i] = settings.threads == Order::reverse ? threadCount - 1 - i : i;
    }
    freeFibers = fibers; // those that a failed kernel left in the middle are free again
    dynamicBase = dynamicEnd - (l.sharedBytes + 15) / 16 * 16;
    runBlocks(l.grid);
    std::string who = std::string("after kernel ") + l.kernel->name;
    if (!failure && settings.guard == Guard::launch) {
        for (Allocation* a : arguments) {
            failure = checkGuard(*a, who) ? failure : ILLEGAL_ADDRESS;
        }
    } else if (!failure && settings.guard == Guard::all && !checkGuards(who)) {
        failure = ILLEGAL_ADDRESS;
    }
    noteLaunch(l.kernel, l.grid, l.block, now() - begin);
    running = nullptr;
    return failure;
}

static const std::function<void()>* guardedBody;
static void guardedMain() {
    (*guardedBody)();
    void* unused;
    switchStack(&unused, schedulerStack);
}
CUresult runGuarded(const std::string& name, const std::function<void()>& body) {
    static Fiber* fiber = new Fiber(1 << 20, 0);
    running = nullptr;
    failure = SUCCESS;
    guardedName = name;
    guardedBody = &body;
    fiber->prepare(guardedMain);
    FaultGuard guard;
    switchStack(&schedulerStack, fiber->stackPointer);
    return failure;
}
} // namespace driver

// ---- what language.h calls ----
using namespace driver;
extern "C" __attribute__((visibility("hidden"))) void __assert_fail(
        const char* condition, const char* file, unsigned line, const char*) noexcept {
    abandon(ASSERT_FAILED, where() + ": assertion failed: " + condition + " in " + at({file, (int)line}));
}

namespace device {
void* dynamicShared() {
    return dynamicBase;
}
void trap(Place place) {
    abandon(LAUNCH_FAILED, where() + ": __trap() in " + at(place));
}
unsigned lane() {
    return currentThread % 32;
}
unsigned activeLanes() {
    return ~warps[currentThread / 32].ended;
}
void yield() {
    threads[currentThread].state = State::ready;
    wait();
}

int barrier(Place place, int predicate, int kind) {
    Barrier& b = driver::barrier;
    if (b.arrived == 0) {
        b.place = place;
        b.kind = kind;
    } else if (b.kind != kind || (settings.strictBarriers && b.place.line != place.line)) {
        std::string waiting = text(", %u others wait at ", b.arrived) + at(b.place);
        abandon(LAUNCH_FAILED, where() + ": barrier divergence: this thread is at " + at(place) + waiting);
    }
    if (settings.strictBarriers && alive < threadCount) {
        std::string ended = text("%u threads ended without reaching ", threadCount - alive) + at(place);
        abandon(LAUNCH_FAILED, where() + ": barrier divergence: " + ended);
    }
    b.arrived++;
    b.sum += predicate != 0;
    if (b.arrived == alive) {
        openBarrier();
        return b.result;
    }
    Thread& me = threads[currentThread];
    me.state = State::atBarrier;
    me.generation = b.generation;
    wait();
    return b.result; // the next one cannot open before this thread has come there
}

const uint64_t* meet(Place place, unsigned mask, uint64_t value, unsigned* present) {
    Warp& warp = warps[currentThread / 32];
    unsigned bit = 1u << lane();
    if (!(mask & bit)) {
        std::string what = text(": a warp function with mask %08x, which does not name it, in ", mask);
        abandon(LAUNCH_FAILED, where() + what + at(place));
    }
    Meeting* m = nullptr;
    for (unsigned left = warp.open; left && !m; left &= left - 1) {
        Meeting& candidate = warp.meetings[__builtin_ctz(left)];
        m = candidate.mask == mask ? &candidate : nullptr;
    }
    if (!m) {
        unsigned index = __builtin_ctz(~(warp.open | warp.busy));
        m = &warp.meetings[index];
        m->mask = mask;
        m->arrived = 0;
        m->place = place;
        warp.open |= 1u << index;
    } else if (m->place.line != place.line && settings.strictBarriers) {
        std::string places = at(place) + " and " + at(m->place);
        abandon(LAUNCH_FAILED, where() + ": lanes of a warp wait in two places, " + places);
    }
    m->values[lane()] = value;
    m->arrived |= bit;
    if (isComplete(warp, *m)) {
        openMeeting(warp, *m);
    } else {
        Thread& me = threads[currentThread];
        me.state = State::atWarp;
        me.meeting = m;
        me.generation = m->generation;
        wait();
    }
    // The caller reads before it can switch again, so the last one to wake may give the meeting back.
    if (--m->unread == 0) {
        warp.busy &= ~(1u << (m - warp.meetings));
    }
    *present = m->present;
    return m->values;
}
} // namespace device
