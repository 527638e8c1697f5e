// Runs kernels: blocks one after another, the threads of a block as fibers.
//
// A thread runs until it meets a barrier or a warp function. A kernel without either never switches:
// one fiber runs thread after thread in a plain loop. A "pass" resumes every thread that can run, in
// the chosen order; a pass in which nobody could run means that they wait for each other for ever.
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <algorithm>
#include <atomic>
#include <cstring>
#include "fibers.h"

uint3 threadIdx, blockIdx;
dim3 blockDim, gridDim;

namespace driver {
using device::Place;
enum class State : uint8_t { fresh, ready, atBarrier, atWarp, done };
// Lanes of a warp that wait for each other. Several with different masks may be under way at once. A meeting
// stays busy until every lane has woken and read the values; a lane is in one meeting, so 32 are enough.
struct Meeting {
    unsigned mask, arrived, present, unread, generation;
    Place place;
    uint64_t values[32];
};
struct Warp {
    Meeting meetings[32];
    unsigned ended, open, busy;
};
struct Thread {
    State state;
    unsigned generation;
    Meeting* meeting;
    Fiber* fiber;
};

static Launch* launch;
static unsigned threadCount, alive, cursor, currentThread;
static std::vector<Thread>& threads = *new std::vector<Thread>;
static std::vector<unsigned>& order = *new std::vector<unsigned>;
static std::vector<Fiber*>& fibers = *new std::vector<Fiber*>;
static std::vector<Fiber*>& freeFibers = *new std::vector<Fiber*>;
static Warp* warps;
static Fiber* currentFiber;
static void* mainStack;
static bool ranSomebody;
static struct {
    unsigned arrived, generation;
    Place place;
    int kind, sum, result;
} barrierState;
static CUresult failure;
static char *dynamicBase, *dynamicEnd;
static const size_t dynamicCapacity = 256 << 10;

static std::string where() {
    return text("kernel %s, block (%u,%u,%u), thread (%u,%u,%u)", launch->kernel->name, blockIdx.x,
            blockIdx.y, blockIdx.z, threadIdx.x, threadIdx.y, threadIdx.z);
}
static std::string at(Place p) {
    const char* slash = p.file ? strrchr(p.file, '/') : nullptr;
    return text("%s:%d", slash ? slash + 1 : p.file ? p.file : "?", p.line);
}
[[noreturn]] static void abandon(CUresult code, const std::string& message) {
    failure = report(code, message);
    void* unused;
    driverSwitch(&unused, mainStack);
    __builtin_unreachable();
}

// ---- switching ----
static void enterThread(unsigned t) {
    currentThread = t;
    threadIdx.x = t % blockDim.x;
    threadIdx.y = t / blockDim.x % blockDim.y;
    threadIdx.z = t / blockDim.x / blockDim.y;
}
static bool runnable(const Thread& t) {
    switch (t.state) {
        case State::fresh:
        case State::ready:
            return true;
        case State::atBarrier:
            return t.generation != barrierState.generation;
        case State::atWarp:
            return t.generation != t.meeting->generation;
        default:
            return false;
    }
}
static int nextThread() {
    while (cursor < threadCount) {
        unsigned t = order[cursor++];
        if (runnable(threads[t])) {
            ranSomebody = true;
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
static void leave(void** save) { // to the next thread of this pass, or back to the scheduler
    int t = nextThread();
    if (t < 0) {
        driverSwitch(save, mainStack);
        return;
    }
    enterThread(t);
    if (threads[t].state == State::fresh) {
        threads[t].fiber = takeFiber();
    }
    currentFiber = threads[t].fiber;
    driverSwitch(save, currentFiber->stackPointer);
}
static void wait() {
    Fiber* mine = currentFiber;
    unsigned me = currentThread;
    leave(&mine->stackPointer);
    currentFiber = mine;
    enterThread(me);
    threads[me].state = State::ready;
}

// ---- barriers ----
static void openBarrier() {
    barrierState.result = barrierState.kind == 1   ? barrierState.sum
                          : barrierState.kind == 2 ? barrierState.sum == (int)barrierState.arrived
                                                   : barrierState.sum != 0;
    barrierState.arrived = 0;
    barrierState.sum = 0;
    barrierState.generation++;
}
static void openMeeting(Warp& warp, Meeting& m) {
    unsigned bit = 1u << (&m - warp.meetings);
    warp.open &= ~bit;
    m.present = m.arrived;
    m.generation++;
    m.unread = __builtin_popcount(m.arrived);
    warp.busy |= bit;
}
static void endThread() {
    threads[currentThread].state = State::done;
    alive--;
    Warp& warp = warps[currentThread / 32];
    warp.ended |= 1u << currentThread % 32;
    for (unsigned left = warp.open; left; left &= left - 1) {
        Meeting& m = warp.meetings[__builtin_ctz(left)];
        if ((m.arrived | (warp.ended & m.mask)) == m.mask) {
            openMeeting(warp, m);
        }
    }
    if (!barrierState.arrived) {
        return;
    }
    if (settings.strictBarriers) {
        abandon(LAUNCH_FAILED, where() + text(": barrier divergence: this thread ended while %u threads wait "
                                              "at the barrier in %s",
                                                 barrierState.arrived, at(barrierState.place).c_str()));
    }
    if (barrierState.arrived == alive) {
        openBarrier();
    }
}
static void fiberMain() {
    for (;;) {
        launch->kernel->invoke(launch->arguments.data());
        endThread();
        int t = nextThread();
        if (t >= 0 && threads[t].state == State::fresh) { // the usual case: go on, on the same stack
            enterThread(t);
            threads[t].fiber = currentFiber;
            continue;
        }
        freeFibers.push_back(currentFiber);
        void* unused;
        if (t < 0) {
            driverSwitch(&unused, mainStack);
        }
        enterThread(t);
        currentFiber = threads[t].fiber;
        driverSwitch(&unused, currentFiber->stackPointer);
    }
}

static std::string waitingThreads() {
    std::string list;
    unsigned shown = 0, waiting = 0;
    for (unsigned t = 0; t < threadCount; t++) {
        if (threads[t].state == State::done) {
            continue;
        }
        waiting++;
        if (shown++ < 3) {
            list += text("%s thread %u at %s", shown > 1 ? "," : "", t,
                    threads[t].state == State::atWarp
                            ? ("the warp function in " + at(threads[t].meeting->place)).c_str()
                            : ("the barrier in " + at(barrierState.place)).c_str());
        }
    }
    return text("%u of %u threads wait for ever:", waiting, threadCount) + list;
}

static void runBlock() {
    barrierState = {};
    alive = threadCount;
    for (unsigned w = 0; w * 32 < threadCount; w++) {
        // Lanes beyond the block's end count as ended.
        unsigned lanes = std::min(32u, threadCount - w * 32);
        warps[w].ended = lanes == 32 ? 0 : ~0u << lanes;
        warps[w].open = warps[w].busy = 0;
    }
    for (Thread& t : threads) {
        t.state = State::fresh;
    }
    if (settings.poison && launch->kernel->sharedEnd - launch->kernel->sharedBegin > 1) {
        size_t words = (launch->kernel->sharedEnd - launch->kernel->sharedBegin) / 4;
        std::fill_n((uint32_t*)launch->kernel->sharedBegin, words, 0x7FFF7FFFu);
    }
    if (settings.poison && launch->sharedBytes) {
        std::fill_n((uint32_t*)dynamicBase, launch->sharedBytes / 4, 0x7FFF7FFFu);
    }
    while (alive) {
        if (settings.threads == Order::random) {
            for (unsigned i = threadCount - 1; i > 0; i--) {
                std::swap(order[i], order[randomNumber() % (i + 1)]);
            }
        }
        cursor = 0;
        ranSomebody = false;
        leave(&mainStack);
        if (failure) {
            return;
        }
        if (!ranSomebody) {
            failure = report(LAUNCH_FAILED,
                    text("kernel %s, block (%u,%u,%u): barrier divergence: ", launch->kernel->name,
                            blockIdx.x, blockIdx.y, blockIdx.z) +
                            waitingThreads());
            return;
        }
    }
}

// ---- SIGSEGV inside a kernel becomes error 700 with the thread's name ----
static std::atomic<int> guardedThread;
static struct sigaction previousSegv, previousBus, previousIll, previousFpe;
static char escapeStack[32768] __attribute__((aligned(16)));
static int faultSignal;
static uintptr_t faultAddress;
static std::string& guardedName = *new std::string;

static void escape() { // runs on escapeStack, outside the signal handler
    std::string who = launch ? where() : guardedName;
    if (faultSignal == SIGILL) {
        abandon(ILLEGAL_ADDRESS, who + ": index outside a static array, or misaligned access");
    }
    if (faultSignal == SIGFPE) {
        abandon(LAUNCH_FAILED, who + ": integer division by zero (a GPU would deliver garbage)");
    }
    for (Fiber* f : fibers) {
        if (f->owns(faultAddress)) {
            abandon(LAUNCH_FAILED, who + ": fiber stack overflow; raise CUDA_EMULATION_STACK");
        }
    }
    if (dynamicEnd && faultAddress >= (uintptr_t)dynamicEnd && faultAddress < (uintptr_t)dynamicEnd + 4096) {
        abandon(ILLEGAL_ADDRESS, who + text(": %zu bytes past the end of dynamic shared memory (%zu bytes)",
                                               (size_t)(faultAddress - (uintptr_t)dynamicEnd),
                                               launch ? launch->sharedBytes : 0));
    }
    abandon(ILLEGAL_ADDRESS, who + ": illegal access to " + describeAddress(faultAddress));
}
static void onFault(int signal, siginfo_t* info, void* machine) {
    if (guardedThread.load() !=
            (int)syscall(SYS_gettid)) { // not ours: the JVM's (null checks, safepoints) or a real crash
        struct sigaction& old = signal == SIGSEGV  ? previousSegv
                                : signal == SIGBUS ? previousBus
                                : signal == SIGILL ? previousIll
                                                   : previousFpe;
        if (old.sa_flags & SA_SIGINFO) {
            old.sa_sigaction(signal, info, machine);
        } else if (old.sa_handler == SIG_DFL) {
            sigaction(signal, &old, nullptr);
            raise(signal);
        } else if (old.sa_handler != SIG_IGN) {
            old.sa_handler(signal);
        }
        return;
    }
    // Return from the handler into escape(), on a stack of its own: no longjmp across stacks, no signal mask to repair.
    faultSignal = signal;
    faultAddress = (uintptr_t)info->si_addr;
    ucontext_t* u = (ucontext_t*)machine;
    uintptr_t top = (uintptr_t)escapeStack + sizeof escapeStack;
    *(uintptr_t*)(top - 8) = 0;
    u->uc_mcontext.gregs[REG_RSP] = (greg_t)(top - 8);
    u->uc_mcontext.gregs[REG_RIP] = (greg_t)escape;
}
struct FaultGuard {
    stack_t before;
    FaultGuard() {
        static char* alternate = new char[65536];
        struct sigaction action = {}, installed;
        sigaction(SIGSEGV, nullptr, &installed);
        if (!(installed.sa_flags & SA_SIGINFO) ||
                installed.sa_sigaction != onFault) { // first use, or the JVM came later
            action.sa_sigaction = onFault;
            action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART | SA_NODEFER;
            sigaction(SIGSEGV, &action, &previousSegv);
            sigaction(SIGBUS, &action, &previousBus);
            sigaction(SIGILL, &action, &previousIll);
            sigaction(SIGFPE, &action, &previousFpe);
        }
        stack_t mine = {};
        mine.ss_sp = alternate;
        mine.ss_size = 65536;
        sigaltstack(&mine, &before); // a fiber that overflowed its stack cannot take the signal itself
        guardedThread.store((int)syscall(SYS_gettid));
    }
    ~FaultGuard() {
        guardedThread.store(0);
        sigaltstack(&before, nullptr);
    }
};

static const std::function<void()>* guardedBody;
static void guardedMain() {
    (*guardedBody)();
    void* unused;
    driverSwitch(&unused, mainStack);
}
CUresult runGuarded(const std::string& name, const std::function<void()>& body) {
    static Fiber* fiber = new Fiber(1 << 20, 0);
    launch = nullptr;
    failure = SUCCESS;
    guardedName = name;
    guardedBody = &body;
    fiber->prepare(guardedMain);
    {
        FaultGuard guard;
        driverSwitch(&mainStack, fiber->stackPointer);
    }
    if (!failure && settings.guard >= 3 && !checkGuards("after " + name)) {
        failure = ILLEGAL_ADDRESS;
    }
    return failure;
}

static CUresult checkPointers(Launch& l) {
    for (int i = 0; i < l.kernel->count; i++) {
        if (!l.kernel->parameters[i].pointer) {
            continue;
        }
        uintptr_t p = *(uintptr_t*)l.arguments[i];
        if (!p || isPinned(p, 1) || isGlobal(p, 1)) {
            continue;
        }
        Allocation* a = isDevice(p) ? find(p) : nullptr;
        // One past the end is a legal pointer (an empty slice); dereferencing it faults anyway.
        if (isDevice(p) && !a && (a = find(p - 1)) && a->state == Allocation::live) {
            continue;
        }
        if (!a || a->state != Allocation::live) {
            return report(ILLEGAL_ADDRESS,
                    text("kernel %s: parameter %d points to ", l.kernel->name, i) + describeAddress(p));
        }
    }
    return SUCCESS;
}

CUresult runLaunch(Launch& l) {
    if (CUresult e = checkPointers(l)) {
        return e;
    }
    double begin = now();
    launch = &l;
    failure = SUCCESS;
    blockDim = l.block;
    gridDim = l.grid;
    threadCount = l.block.x * l.block.y * l.block.z;
    if (!warps) {
        warps = new Warp[32]();
    }
    threads.resize(threadCount);
    order.resize(threadCount);
    for (unsigned i = 0; i < threadCount; i++) {
        order[i] = settings.threads == Order::reverse ? threadCount - 1 - i : i;
    }
    freeFibers = fibers; // those a failed kernel left in the middle are free again
    static char* dynamicMemory = [] {
        char* p = (char*)mmap(
                nullptr, dynamicCapacity + 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        mprotect(p + dynamicCapacity, 4096, PROT_NONE);
        return p;
    }();
    dynamicEnd = dynamicMemory + dynamicCapacity;
    dynamicBase = dynamicEnd - (l.sharedBytes + 15) / 16 * 16; // its end meets an inaccessible page
    uint64_t blocks = (uint64_t)l.grid.x * l.grid.y * l.grid.z;
    {
        FaultGuard guard;
        std::vector<uint64_t> shuffled;
        if (settings.blocks == Order::random && blocks <= (1u << 20)) {
            shuffled.resize(blocks);
            for (uint64_t i = 0; i < blocks; i++) {
                shuffled[i] = i;
                std::swap(shuffled[i], shuffled[randomNumber() % (i + 1)]);
            }
        }
        for (uint64_t i = 0; i < blocks && !failure; i++) {
            uint64_t b = !shuffled.empty()                   ? shuffled[i]
                         : settings.blocks == Order::reverse ? blocks - 1 - i
                                                             : i;
            blockIdx = {(unsigned)(b % l.grid.x), (unsigned)(b / l.grid.x % l.grid.y),
                    (unsigned)(b / l.grid.x / l.grid.y)};
            runBlock();
        }
    }
    if (!failure && settings.guard >= 3 && !checkGuards(text("after kernel %s", l.kernel->name))) {
        failure = ILLEGAL_ADDRESS;
    }
    noteLaunch(l.kernel, l, now() - begin);
    launch = nullptr;
    return failure;
}
} // namespace driver

// ---- what cuda_emulation.h calls -------------------------------------------------------------
using namespace driver;
namespace device {
void* dynamicShared() {
    return dynamicBase;
}
void fail(int code, const char* message, Place place) {
    abandon(code, where() + ": " + message + " in " + at(place));
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
    auto& b = barrierState;
    if (b.arrived == 0) {
        b.place = place;
        b.kind = kind;
    } else if ((b.place.line != place.line || b.kind != kind) &&
               (settings.strictBarriers || b.kind != kind)) {
        abandon(LAUNCH_FAILED, where() + ": barrier divergence: this thread is at " + at(place) +
                                       text(", %u others wait at ", b.arrived) + at(b.place));
    }
    if (settings.strictBarriers && alive < threadCount) {
        abandon(LAUNCH_FAILED,
                where() +
                        text(": barrier divergence: %u threads ended without reaching the barrier in ",
                                threadCount - alive) +
                        at(place));
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
    return b.result; // the next barrier cannot open before this thread has arrived there
}

const uint64_t* meet(Place place, unsigned mask, uint64_t value, unsigned* present) {
    Warp& warp = warps[currentThread / 32];
    unsigned bit = 1u << lane();
    if (!(mask & bit)) {
        abandon(LAUNCH_FAILED,
                where() + text(": calls a warp function with mask %08x that does not name it, in ", mask) +
                        at(place));
    }
    Meeting* found = nullptr;
    for (unsigned left = warp.open; left && !found; left &= left - 1) {
        if (warp.meetings[__builtin_ctz(left)].mask == mask) {
            found = &warp.meetings[__builtin_ctz(left)];
        }
    }
    if (!found) {
        unsigned index = __builtin_ctz(~(warp.open | warp.busy));
        found = &warp.meetings[index];
        found->mask = mask;
        found->arrived = 0;
        found->place = place;
        warp.open |= 1u << index;
    } else if (found->place.line != place.line && settings.strictBarriers) {
        abandon(LAUNCH_FAILED, where() + ": lanes of a warp wait in different places, " + at(place) +
                                       " and " + at(found->place));
    }
    Meeting& m = *found;
    m.values[lane()] = value;
    m.arrived |= bit;
    if ((m.arrived | (warp.ended & mask)) == mask) {
        openMeeting(warp, m);
    } else {
        Thread& me = threads[currentThread];
        me.state = State::atWarp;
        me.meeting = &m;
        me.generation = m.generation;
        wait();
    }
    // The caller reads the values before it can switch again, so the last one to wake may give the meeting back.
    if (--m.unread == 0) {
        warp.busy &= ~(1u << (&m - warp.meetings));
    }
    *present = m.present;
    return m.values;
}
} // namespace device
