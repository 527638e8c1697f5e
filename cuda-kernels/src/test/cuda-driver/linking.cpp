// The driver's translator from PTX to a card's instructions. Here those are the PTX again, behind a mark:
// what matters is who keeps them, for whom, and what happens when they are not what they were.
#include <cstring>
#include "driver.h"
#include "ptx.h"

namespace driver {
struct Link {
    std::string ptx{};
    std::string cubin{};
};
static Handles<Link> links{"links"};
const std::string CUBIN_MARK = "\177ELF of the software driver\n";
} // namespace driver

using namespace driver;
#define LINK(variable, handle) \
    Link* variable = links.get(handle); \
    if (!variable) { \
        return report(INVALID_HANDLE, std::string(self) + ": unknown or destroyed link"); \
    }

API cuLinkCreate_v2(unsigned, int*, void**, void** state) {
    ENTER(cuLinkCreate)
    *state = links.add(new Link);
    return SUCCESS;
}
API cuLinkAddData_v2(void* state, int, void* data, size_t size, const char*, unsigned, int*, void**) {
    ENTER(cuLinkAddData)
    LINK(link, state)
    link->ptx.assign((const char*)data, strnlen((const char*)data, size));
    Ptx ptx = parsePtx(link->ptx);
    return ptx.error.empty() ? SUCCESS : report(INVALID_PTX, "cuLinkAddData: " + ptx.error);
}
API cuLinkComplete(void* state, void** cubin, size_t* size) {
    ENTER(cuLinkComplete)
    LINK(link, state)
    link->cubin = CUBIN_MARK + link->ptx;
    *cubin = link->cubin.data();
    *size = link->cubin.size() + 1;
    return SUCCESS;
}
API cuLinkDestroy(void* state) {
    ENTER(cuLinkDestroy)
    LINK(link, state)
    links.remove(link);
    delete link;
    return SUCCESS;
}
