// Stream capture and graphs: the captured calls in their order, replayed as one operation.
#include <algorithm>
#include "driver.h"

namespace driver {
static Handles<Graph> graphs{"graphs"}, executables{"instantiated graphs"};
static auto& captures = *new std::vector<Capture*>;
static const int relaxed = 2; // a mode in which other calls are let through

CUresult refuseInCapture(const char* what) {
    Capture* c = captures.empty() ? nullptr : captures.back();
    if (!c || c->mode == relaxed) {
        return SUCCESS;
    }
    c->broken = true;
    return report(CAPTURE_UNSUPPORTED, std::string(what) + " during a stream capture");
}
bool joinCapture(Stream* s, Event* e) { // s joins the capture, or a side stream joins the origin again
    if (!e->capture) {
        return false;
    }
    if (!s->capture) {
        s->capture = e->capture;
        s->capture->unjoined.insert(s);
    }
    s->capture->unjoined.erase(e->captureStream);
    return true;
}
} // namespace driver

using namespace driver;
API cuStreamBeginCapture_v2(void* h, int mode) {
    ENTER(cuStreamBeginCapture)
    STREAM(s, h)
    if (s == s->context->legacy || s->capture) {
        return report(CAPTURE_UNSUPPORTED, "cuStreamBeginCapture: the legacy or an already capturing stream");
    }
    s->capture = new Capture{new Graph, s, mode};
    captures.push_back(s->capture);
    return SUCCESS;
}
API cuStreamEndCapture(void* h, void** graph) {
    ENTER(cuStreamEndCapture)
    STREAM(s, h)
    Capture* c = s->capture;
    if (!c || c->origin != s) {
        return report(INVALID_VALUE, "cuStreamEndCapture: this stream has not begun a capture");
    }
    for (Stream* other : s->context->streams) {
        other->capture = other->capture == c ? nullptr : other->capture;
    }
    for (void* e : events.known) {
        Event* event = (Event*)e;
        event->capture = event->capture == c ? nullptr : event->capture;
    }
    captures.erase(std::find(captures.begin(), captures.end(), c));
    *graph = nullptr;
    if (c->broken) {
        return report(CAPTURE_INVALIDATED, "cuStreamEndCapture: an unsupported call invalidated the capture");
    }
    c->unjoined.erase(s);
    if (!c->unjoined.empty()) {
        return report(CAPTURE_UNJOINED, "cuStreamEndCapture: a side stream has not joined the capturing one");
    }
    *graph = graphs.add(c->graph);
    return SUCCESS;
}
API cuStreamIsCapturing(void* h, int* status) {
    ENTER(cuStreamIsCapturing)
    STREAM(s, h)
    *status = !s->capture ? 0 : s->capture->broken ? 2 : 1;
    return SUCCESS;
}
API cuGraphInstantiateWithFlags(void** executable, void* graph, unsigned long long) {
    ENTER(cuGraphInstantiateWithFlags)
    Graph* g = graphs.get(graph);
    if (!g) {
        return report(INVALID_VALUE, "cuGraphInstantiate: unknown or destroyed graph");
    }
    *executable = executables.add(new Graph(*g));
    return SUCCESS;
}
API cuGraphLaunch(void* executable, void* h) {
    ENTER(cuGraphLaunch)
    STREAM(s, h)
    Graph* g = executables.get(executable);
    if (!g) {
        return report(INVALID_VALUE, "cuGraphLaunch: unknown or destroyed graph");
    }
    return enqueue(s, "graph", [nodes = g->nodes]() -> CUresult {
        for (auto& [name, body] : nodes) {
            if (CUresult e = body()) {
                return report(e, "in a graph, at " + name);
            }
        }
        return SUCCESS;
    });
}
API cuGraphUpload(void*, void*) {
    ENTER(cuGraphUpload)
    return SUCCESS;
}
API cuGraphGetNodes(void* graph, void** nodes, size_t* count) {
    ENTER(cuGraphGetNodes)
    Graph* g = graphs.get(graph);
    if (!g || nodes) {
        return report(NOT_SUPPORTED, "cuGraphGetNodes: the software driver only counts them");
    }
    *count = g->nodes.size();
    return SUCCESS;
}
API cuGraphDestroy(void* g) {
    ENTER(cuGraphDestroy)
    if (!graphs.get(g)) {
        return INVALID_VALUE;
    }
    graphs.remove(g);
    return SUCCESS;
}
API cuGraphExecDestroy(void* g) {
    ENTER(cuGraphExecDestroy)
    if (!executables.get(g)) {
        return INVALID_VALUE;
    }
    executables.remove(g);
    return SUCCESS;
}
