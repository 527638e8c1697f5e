// Device memory. An allocation ends with a page, as nearly as CUDA's alignment of 256 bytes lets it, and the
// next page is never accessible: what reads or writes past the end faults at once. The bytes between, and
// some before the begin, hold a pattern that is looked at later. Fresh memory is NaN. No address comes twice.
#include <sys/mman.h>
#include <cstring>
#include "driver.h"

namespace driver {
static const size_t page = 4096, alignment = 256, arenaSize = size_t(4) << 40;
static const uint32_t poisonWord = 0x7FFF7FFF; // NaN as float and as half of a double; a huge int
static const unsigned char guardByte = 0xA5;
static uintptr_t arena, next;
static auto& allocations = *new std::map<uintptr_t, Allocation>; // freed ones stay, to be named
static auto& live = *new std::set<Allocation*>;
static size_t inUse, peak;
static uint64_t counter;

static uintptr_t roundUp(uintptr_t n, size_t to) {
    return (n + to - 1) / to * to;
}

std::string Allocation::describe() const {
    const char* when = state == freed ? ", already freed" : state == pending ? ", not yet allocated" : "";
    return text("allocation #%llu (%zu bytes%s%s)", (unsigned long long)number, size,
            streamOrdered ? ", stream-ordered" : "", when);
}

void poison(void* p, size_t bytes) {
    if (settings.poison) {
        std::fill_n((uint32_t*)p, bytes / 4, poisonWord);
        memset((char*)p + bytes / 4 * 4, 0x7F, bytes % 4);
    }
}

static void setGuards(const Allocation& a) {
    memset((void*)a.mapBegin, guardByte, a.base - a.mapBegin);
    memset((void*)(a.base + a.size), guardByte, a.mapEnd - a.base - a.size);
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
            return report(OUT_OF_MEMORY, "the host refuses the address space");
        }
        arena = next = (uintptr_t)p;
    }
    size_t mapped = roundUp(bytes, page);
    uintptr_t begin = next + page, end = begin + mapped;
    if (end + page > arena + arenaSize || mprotect((void*)begin, mapped, PROT_READ | PROT_WRITE)) {
        return report(OUT_OF_MEMORY, "the host has no memory, or no mapping (vm.max_map_count), left");
    }
    next = end;
    uintptr_t base = end - roundUp(bytes, alignment);
    Allocation& a = allocations[base];
    a = {base, bytes, ++counter, begin, end, streamOrdered ? Allocation::pending : Allocation::live, owner,
            streamOrdered};
    live.insert(&a);
    setGuards(a);
    poison((void*)base, bytes);
    inUse += charged;
    peak = std::max(peak, inUse);
    *result = base;
    return SUCCESS;
}

bool checkGuard(Allocation& a, const std::string& who) {
    auto damaged = [](uintptr_t from, uintptr_t to) -> uintptr_t {
        for (uintptr_t p = from; p < to; p++) {
            if (*(unsigned char*)p != guardByte) {
                return p;
            }
        }
        return 0;
    };
    uintptr_t behind = damaged(a.base + a.size, a.mapEnd);
    uintptr_t before = behind ? 0 : damaged(std::max(a.mapBegin, a.base - alignment), a.base);
    if (!behind && !before) {
        return true;
    }
    report(behind ? text("%s: memory behind %s was overwritten, %zu bytes past its end", who.c_str(),
                            a.describe().c_str(), behind - a.base - a.size)
                  : text("%s: memory before %s was overwritten, %zu bytes before its begin", who.c_str(),
                            a.describe().c_str(), a.base - before));
    setGuards(a); // a fault is reported once
    return false;
}
bool checkGuards(const std::string& who) {
    bool good = true;
    for (Allocation* a : live) {
        good &= checkGuard(*a, who);
    }
    return good;
}

static void giveBack(Allocation& a) {
    // A fresh inaccessible mapping gives the pages back to the host and merges with its neighbours.
    mmap((void*)a.mapBegin, a.mapEnd - a.mapBegin, PROT_NONE,
            MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0);
    a.state = Allocation::freed;
    live.erase(&a);
    inUse -= roundUp(a.size, 512);
}
CUresult release(CUdeviceptr p) {
    if (!p) {
        return SUCCESS;
    }
    Allocation* a = find(p);
    if (!a) {
        return report(INVALID_VALUE, "free of what is not device memory: " + describeAddress(p));
    }
    if (a->state == Allocation::freed) {
        return report(INVALID_VALUE, "double free of " + a->describe());
    }
    if (a->base != p) {
        return report(INVALID_VALUE, "free of an address inside " + a->describe());
    }
    bool good = settings.guard == Guard::off || checkGuard(*a, "at free");
    giveBack(*a);
    return good ? SUCCESS : ILLEGAL_ADDRESS;
}
void releaseAll(Context* owner) {
    auto all = live;
    for (Allocation* a : all) {
        if (a->owner == owner) {
            giveBack(*a);
        }
    }
}

Allocation* find(uintptr_t address) {
    auto it = allocations.upper_bound(address);
    if (it == allocations.begin()) {
        return nullptr;
    }
    Allocation& a = (--it)->second;
    return address < a.base + a.size ? &a : nullptr;
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
        return text("byte %zu of ", address - a->base) + a->describe();
    }
    auto after = allocations.upper_bound(address);
    size_t gap = after == allocations.end() ? SIZE_MAX : after->first - address;
    if (after != allocations.begin()) {
        const Allocation& a = std::prev(after)->second;
        size_t past = address - a.base - a.size;
        if (past <= gap) {
            return text("%zu bytes past the end of ", past) + a.describe();
        }
    }
    return gap == SIZE_MAX ? "device memory that was never allocated"
                           : text("%zu bytes before ", gap) + after->second.describe();
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
        return report(INVALID_VALUE, who + ": " + describeAddress(address) + ", nor pinned");
    }
    Allocation* a = find(address);
    if (!a || a->state == Allocation::freed || (running && a->state == Allocation::pending)) {
        return report(INVALID_VALUE, who + ": touches " + describeAddress(address));
    }
    size_t from = address - a->base;
    if (from + bytes > a->size) {
        std::string range = text(": %zu bytes from byte %zu run %zu bytes past the end of ", bytes, from,
                from + bytes - a->size);
        return report(INVALID_VALUE, who + range + a->describe());
    }
    return SUCCESS;
}

size_t memoryInUse() {
    return inUse;
}
void printMemory(FILE* out) {
    fprintf(out, "memory   %llu allocations, peak %zu, in use %zu bytes\n", (unsigned long long)counter, peak,
            inUse);
}
void printAllocations(FILE* out) {
    for (auto& [base, a] : allocations) {
        if (a.state != Allocation::freed) {
            fprintf(out, "held     %s\n", a.describe().c_str());
        }
    }
}
} // namespace driver
