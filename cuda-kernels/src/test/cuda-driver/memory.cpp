// Device memory: page-guarded, poisoned, never reused. An allocation ends at a page's end (as far as
// CUDA's 256-byte alignment lets it), so reading or writing past it faults at once; the few bytes
// between its end and the page's end, and those before it, hold a pattern that is checked.
#include <sys/mman.h>
#include <cstring>
#include "driver.h"

namespace driver {
static const size_t page = 4096, arenaSize = size_t(4) << 40;
static const uint32_t poisonWord = 0x7FFF7FFFu; // NaN as float, double, half and bfloat16; a huge int
static const unsigned char guardByte = 0xA5;
static uintptr_t arena, next;
static auto& allocations = *new std::map<uintptr_t, Allocation>; // freed ones stay, to be named
static size_t inUse, peak;
static uint64_t counter;
static auto& pinned = *new std::map<uintptr_t, size_t>;

static uintptr_t roundUp(uintptr_t n, size_t to) {
    return (n + to - 1) / to * to;
}

std::string Allocation::describe() const {
    return text("allocation #%llu (%zu bytes%s%s)", (unsigned long long)number, size,
            streamOrdered ? ", stream-ordered" : "",
            state == freed     ? ", already freed"
            : state == pending ? ", not yet allocated in stream order"
                               : "");
}

CUresult allocate(size_t bytes, Context* owner, CUdeviceptr* result, bool streamOrdered) {
    if (!bytes || !result) {
        return INVALID_VALUE;
    }
    size_t charged = roundUp(bytes, 512);
    if (bytes > settings.memory || inUse + charged > settings.memory) {
        return report(OUT_OF_MEMORY,
                text("out of memory: asked for %zu bytes, %zu of %zu in use", bytes, inUse, settings.memory));
    }
    if (!arena) {
        void* p = mmap(nullptr, arenaSize, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (p == MAP_FAILED) {
            return report(OUT_OF_MEMORY, "the host refuses the emulator's address space");
        }
        arena = next = (uintptr_t)p;
    }
    size_t mapped = roundUp(roundUp(bytes, 256), page);
    uintptr_t begin = next + page, end = begin + mapped;
    if (end + page > arena + arenaSize || mprotect((void*)begin, mapped, PROT_READ | PROT_WRITE)) {
        return report(OUT_OF_MEMORY, "the host cannot back the allocation");
    }
    next = end;
    uintptr_t base = end - roundUp(bytes, 256);
    Allocation a{base, bytes, ++counter, begin, end, streamOrdered ? Allocation::pending : Allocation::live,
            owner, streamOrdered};
    memset((void*)begin, guardByte, base - begin);
    memset((void*)(base + bytes), guardByte, end - base - bytes);
    if (settings.poison) {
        uint32_t* words = (uint32_t*)base;
        for (size_t i = 0; i < bytes / 4; i++) {
            words[i] = poisonWord;
        }
        memset((char*)base + bytes / 4 * 4, 0x7F, bytes % 4);
    }
    allocations[base] = a;
    inUse += charged;
    peak = std::max(peak, inUse);
    *result = base;
    return SUCCESS;
}

static bool checkGuard(const Allocation& a, const std::string& who) {
    auto scan = [&](uintptr_t from, uintptr_t to) -> uintptr_t {
        for (uintptr_t p = from; p < to; p++) {
            if (*(unsigned char*)p != guardByte) {
                return p;
            }
        }
        return 0;
    };
    uintptr_t hit = scan(a.base + a.size, a.mapEnd);
    bool behind = hit;
    if (!hit) {
        hit = scan(a.mapBegin, a.base);
    }
    if (!hit) {
        return true;
    }
    report(text("%s: memory %s %s was overwritten, %zu bytes %s", who.c_str(), behind ? "behind" : "before",
            a.describe().c_str(), behind ? (size_t)(hit - a.base - a.size) : (size_t)(a.base - hit),
            behind ? "past its end" : "before its begin"));
    memset((void*)(a.base + a.size), guardByte, a.mapEnd - a.base - a.size); // report a fault once
    memset((void*)a.mapBegin, guardByte, a.base - a.mapBegin);
    return false;
}
bool checkGuards(const std::string& who) {
    bool good = true;
    for (auto& [base, a] : allocations) {
        if (a.state != Allocation::freed) {
            good &= checkGuard(a, who);
        }
    }
    return good;
}

static void giveBack(Allocation& a) {
    // A fresh PROT_NONE mapping returns the pages and merges with its neighbours; the address is never used again.
    mmap((void*)a.mapBegin, a.mapEnd - a.mapBegin, PROT_NONE,
            MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0);
    a.state = Allocation::freed;
    inUse -= roundUp(a.size, 512);
}
CUresult release(CUdeviceptr p) {
    if (!p) {
        return SUCCESS;
    }
    Allocation* a = find(p);
    if (!a) {
        return report(INVALID_VALUE, "free of an address that is not device memory: " + describeAddress(p));
    }
    if (a->state == Allocation::freed) {
        return report(INVALID_VALUE, "double free of " + a->describe());
    }
    if (a->base != p) {
        return report(INVALID_VALUE, "free of an address inside " + a->describe() + ", not its begin");
    }
    bool good = !settings.guard || checkGuard(*a, "at free");
    giveBack(*a);
    return good ? SUCCESS : ILLEGAL_ADDRESS;
}
void releaseAll(Context* owner) {
    for (auto& [base, a] : allocations) {
        if (a.owner == owner && a.state != Allocation::freed) {
            giveBack(a);
        }
    }
}

Allocation* find(uintptr_t address) {
    auto it = allocations.upper_bound(address);
    if (it == allocations.begin()) {
        return nullptr;
    }
    Allocation& a = (--it)->second;
    return address < a.base + std::max<size_t>(a.size, 1) ? &a : nullptr;
}
bool isDevice(uintptr_t address) {
    return arena && address >= arena && address < arena + arenaSize;
}

std::string describeAddress(uintptr_t address) {
    if (!address) {
        return "null";
    }
    if (!isDevice(address)) {
        return text("0x%llx (not device memory)", (unsigned long long)address);
    }
    if (Allocation* a = find(address)) {
        return text("byte %zu of ", (size_t)(address - a->base)) + a->describe();
    }
    auto it = allocations.upper_bound(address);
    std::string best = "device memory that was never allocated";
    size_t distance = SIZE_MAX;
    if (it != allocations.end() && it->first - address < distance) {
        distance = it->first - address;
        best = text("%zu bytes before ", distance) + it->second.describe();
    }
    if (it != allocations.begin()) {
        const Allocation& a = std::prev(it)->second;
        size_t past = address - a.base - a.size;
        if (past <= distance) {
            best = text("%zu bytes past the end of ", past) + a.describe();
        }
    }
    return best;
}

static auto& globals = *new std::map<uintptr_t, size_t>;
static bool within(const std::map<uintptr_t, size_t>& ranges, uintptr_t address, size_t bytes) {
    auto it = ranges.upper_bound(address);
    return it != ranges.begin() && (--it, address + bytes <= it->first + it->second);
}
bool isPinned(uintptr_t address, size_t bytes) {
    return within(pinned, address, bytes);
}
bool isGlobal(uintptr_t address, size_t bytes) {
    return within(globals, address, bytes);
}
void addGlobal(uintptr_t address, size_t bytes) {
    globals[address] = bytes;
}

CUresult checkRange(const void* p, size_t bytes, const std::string& who, bool running) {
    uintptr_t address = (uintptr_t)p;
    if (!bytes) {
        return SUCCESS;
    }
    if (!isDevice(address)) {
        if (isPinned(address, bytes) || isGlobal(address, bytes)) {
            return SUCCESS;
        }
        return report(INVALID_VALUE,
                who + ": " + describeAddress(address) + " is neither device nor pinned memory");
    }
    Allocation* a = find(address);
    if (!a) {
        return report(INVALID_VALUE, who + ": touches " + describeAddress(address));
    }
    if (a->state == Allocation::freed || (running && a->state == Allocation::pending)) {
        return report(INVALID_VALUE, who + ": touches " + describeAddress(address));
    }
    if (address + bytes > a->base + a->size) {
        return report(INVALID_VALUE,
                who +
                        text(": %zu bytes from byte %zu run %zu bytes past the end of ", bytes,
                                (size_t)(address - a->base), (size_t)(address + bytes - a->base - a->size)) +
                        a->describe());
    }
    return SUCCESS;
}

size_t memoryInUse() {
    return inUse;
}
size_t memoryPeak() {
    return peak;
}
size_t allocationCount() {
    return counter;
}
void reportLeaks(FILE* out) {
    for (auto& [base, a] : allocations) {
        if (a.state != Allocation::freed) {
            fprintf(out, "leak     %s\n", a.describe().c_str());
        }
    }
}
} // namespace driver

// ---- pinned host memory --------------------------------------------------------------------
using namespace driver;
static auto& ours = *new std::set<void*>;
static CUresult hostAllocate(void** result, size_t bytes) {
    if (CUresult e = refuseInCapture("host allocation")) {
        return e;
    }
    if (!result || !bytes) {
        return INVALID_VALUE;
    }
    void* p = aligned_alloc(page, roundUp(bytes, page));
    if (!p) {
        return OUT_OF_MEMORY;
    }
    if (settings.poison) {
        memset(p, 0x7F, bytes);
    }
    pinned[(uintptr_t)p] = bytes;
    ours.insert(p);
    *result = p;
    return SUCCESS;
}
API cuMemAllocHost_v2(void** p, size_t bytes) {
    ENTER(cuMemAllocHost);
    return hostAllocate(p, bytes);
}
API cuMemHostAlloc(void** p, size_t bytes, unsigned) {
    ENTER(cuMemHostAlloc);
    return hostAllocate(p, bytes);
}
API cuMemFreeHost(void* p) {
    ENTER(cuMemFreeHost);
    if (CUresult e = refuseInCapture("cuMemFreeHost")) {
        return e;
    }
    if (!ours.count(p)) {
        return report(INVALID_VALUE, "cuMemFreeHost: not a live pinned allocation");
    }
    if (CUresult e = runEverything(current())) {
        return e; // pending copies still use it
    }
    ours.erase(p);
    pinned.erase((uintptr_t)p);
    free(p);
    return SUCCESS;
}
API cuMemHostRegister_v2(void* p, size_t bytes, unsigned) {
    ENTER(cuMemHostRegister);
    if (!p || !bytes) {
        return INVALID_VALUE;
    }
    if (isPinned((uintptr_t)p, 1)) {
        return HOST_MEMORY_ALREADY_REGISTERED;
    }
    pinned[(uintptr_t)p] = bytes;
    return SUCCESS;
}
API cuMemHostUnregister(void* p) {
    ENTER(cuMemHostUnregister);
    if (!pinned.count((uintptr_t)p) || ours.count(p)) {
        return HOST_MEMORY_NOT_REGISTERED;
    }
    if (CUresult e = runEverything(current())) {
        return e;
    }
    pinned.erase((uintptr_t)p);
    return SUCCESS;
}
API cuMemHostGetDevicePointer_v2(CUdeviceptr* d, void* p, unsigned) {
    ENTER(cuMemHostGetDevicePointer);
    if (!isPinned((uintptr_t)p, 1)) {
        return INVALID_VALUE;
    }
    *d = (uintptr_t)p;
    return SUCCESS;
}
API cuMemHostGetFlags(unsigned* flags, void*) {
    ENTER(cuMemHostGetFlags);
    *flags = 0;
    return SUCCESS;
}
