// SIGSEGV inside a kernel or a library function becomes an error that names the thread and the allocation.
// Any other goes on to the handler that was there before: the JVM lives on SIGSEGV.
#include <signal.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>
#include <atomic>
#include "blocks.h"

namespace driver {
static const int caught[] = {SIGSEGV, SIGBUS, SIGFPE};
static struct sigaction previous[3];
static std::atomic<int> guardedThread;
static char escapeStack[32768] __attribute__((aligned(16)));
static int faultSignal;
static uintptr_t faultAddress;

// Runs on escapeStack, outside the signal handler.
static void escape() {
    std::string who = running ? where() : guardedName;
    if (faultSignal == SIGFPE) {
        abandon(LAUNCH_FAILED, who + ": integer division by zero (a card would deliver anything)");
    }
    for (Fiber* f : fibers) {
        if (f->owns(faultAddress)) {
            abandon(LAUNCH_FAILED, who + ": too much local memory; raise CUDA_EMULATION_STACK");
        }
    }
    uintptr_t past = faultAddress - (uintptr_t)dynamicEnd;
    if (past < 4096) {
        std::string end = text(": %zu bytes past the end of dynamic shared memory", past);
        abandon(ILLEGAL_ADDRESS, who + end + text(" (%zu bytes)", running ? running->sharedBytes : 0));
    }
    abandon(ILLEGAL_ADDRESS, who + ": illegal access to " + describeAddress(faultAddress));
}

static void onFault(int signal, siginfo_t* info, void* machine) {
    if (guardedThread.load() != (int)syscall(SYS_gettid)) {
        struct sigaction& old = previous[signal == SIGSEGV ? 0 : signal == SIGBUS ? 1 : 2];
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
    // The handler returns into escape(), on a stack of its own: no jump across stacks, no mask to repair.
    faultSignal = signal;
    faultAddress = (uintptr_t)info->si_addr;
    uintptr_t top = (uintptr_t)escapeStack + sizeof escapeStack - 8;
    *(uintptr_t*)top = 0;
    auto u = (ucontext_t*)machine;
    u->uc_mcontext.gregs[REG_RSP] = (greg_t)top;
    u->uc_mcontext.gregs[REG_RIP] = (greg_t)escape;
}

static stack_t stackBefore;
FaultGuard::FaultGuard() {
    static const size_t size = 65536;
    static char* alternate = new char[size];
    struct sigaction installed;
    sigaction(SIGSEGV, nullptr, &installed);
    bool ours = installed.sa_flags & SA_SIGINFO && installed.sa_sigaction == onFault;
    if (!ours) { // it is the first, or the JVM came later
        struct sigaction action = {};
        action.sa_sigaction = onFault;
        action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART | SA_NODEFER;
        for (int i = 0; i < 3; i++) {
            sigaction(caught[i], &action, &previous[i]);
        }
    }
    stack_t mine = {}; // a fiber that has used up its stack cannot take the signal on it
    mine.ss_sp = alternate;
    mine.ss_size = size;
    sigaltstack(&mine, &stackBefore);
    guardedThread.store((int)syscall(SYS_gettid));
}
FaultGuard::~FaultGuard() {
    guardedThread.store(0);
    sigaltstack(&stackBefore, nullptr);
}
} // namespace driver
