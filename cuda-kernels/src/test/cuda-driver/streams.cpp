// Streams, events, capture. Eager mode runs an operation when it is enqueued. Lazy mode runs it only
// when a synchronisation needs it, and then only what CUDA's ordering rules force to run before it.
#include <time.h>
#include <algorithm>
#include <thread>
#include "driver.h"

namespace driver {
static Handles<Stream> streams{"streams"};
static Handles<Event> events{"events"};
static Handles<Graph> graphs{"graphs"}, executables{"instantiated graphs"};
static std::vector<Capture*> captures;
static uint64_t ids;

double now() {
    timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec * 1e-9;
}

static CUresult execute(Context* c, const OperationPtr& target) {
    // Depth first with an explicit stack: a stream may hold any number of operations.
    std::vector<OperationPtr> stack{target};
    while (!stack.empty()) {
        OperationPtr op = stack.back();
        OperationPtr needed;
        if (!op->done) {
            if (op->previous && !op->previous->done) {
                needed = op->previous;
            }
            for (size_t i = 0; !needed && i < op->after.size(); i++) {
                if (!op->after[i]->done) {
                    needed = op->after[i];
                }
            }
        }
        if (needed) {
            stack.push_back(needed);
            continue;
        }
        stack.pop_back();
        if (op->done) {
            continue;
        }
        op->done = true;
        op->previous.reset();
        op->after.clear();
        if (!c->sticky && op->body) { // after a fault nothing more runs, as on a GPU
            auto body = std::move(op->body);
            op->body = nullptr;
            c->sticky = body();
        }
        op->finishedAt = now();
    }
    return c->sticky;
}
CUresult runStream(Stream* s) {
    return s->last ? execute(s->context, s->last) : s->context->sticky;
}
CUresult runEverything(Context* c) {
    std::vector<Stream*> list = c->streams;
    if (settings.streams == Order::reverse) {
        std::reverse(list.begin(), list.end());
    }
    if (settings.streams == Order::random) {
        for (size_t i = list.size(); i-- > 1;) {
            std::swap(list[i], list[randomNumber() % (i + 1)]);
        }
    }
    for (Stream* s : list) {
        runStream(s);
    }
    return c->sticky;
}
static bool step(Stream* s) { // one operation further, so that a polling loop ends; true = nothing left
    if (!s->last || s->last->done) {
        return true;
    }
    OperationPtr op = s->last;
    while (op->previous && !op->previous->done) {
        op = op->previous;
    }
    execute(s->context, op);
    return false;
}

static OperationPtr append(Stream* s, const std::string& name, std::function<CUresult()> body) {
    auto op = std::make_shared<Operation>();
    op->name = name;
    op->body = std::move(body);
    auto add = [&](const OperationPtr& other) {
        if (other && !other->done) {
            op->after.push_back(other);
        }
    };
    if (s->last && !s->last->done) {
        op->previous = s->last;
    }
    if (s == s->context->legacy) {
        for (Stream* other : s->context->streams) {
            if (other->blocking && other != s) {
                add(other->last);
            }
        }
    } else if (s->blocking) {
        add(s->context->legacy->last);
    }
    s->last = op;
    return op;
}
static Capture* capturing() {
    return captures.empty() ? nullptr : captures.back();
}
CUresult refuseInCapture(const char* what) {
    Capture* c = capturing();
    if (!c || c->mode == 2) {
        return SUCCESS; // relaxed
    }
    c->broken = true;
    return report(CAPTURE_UNSUPPORTED, text("%s during a stream capture", what));
}
CUresult enqueue(Stream* s, const std::string& name, std::function<CUresult()> body) {
    if (s->context->sticky) {
        return s->context->sticky;
    }
    if (s->capture) {
        s->capture->graph->nodes.push_back({name, std::move(body)});
        if (s != s->capture->origin) {
            s->capture->unjoined.insert(s);
        }
        return SUCCESS;
    }
    if (s == s->context->legacy && capturing() && capturing()->mode != 2) {
        capturing()->broken = true;
        return report(CAPTURE_IMPLICIT, name + ": the legacy stream is used during a stream capture");
    }
    OperationPtr op = append(s, name, std::move(body));
    return settings.lazy ? SUCCESS : execute(s->context, op);
}

Stream* streamOf(void* handle) {
    Context* c = current();
    if (handle == nullptr || handle == (void*)1) {
        return c->legacy;
    }
    if (handle == (void*)2) {
        return c->perThread;
    }
    return streams.get(handle);
}
static Stream* newStream(Context* c, unsigned flags, int priority) {
    Stream* s = streams.add(new Stream{c, !(flags & 1), priority, flags, ++ids, nullptr});
    c->streams.push_back(s);
    return s;
}
Context* newContext(unsigned flags) {
    Context* c = new Context;
    c->flags = flags;
    c->id = ++ids;
    c->legacy = newStream(c, 0, 0);
    c->perThread = newStream(c, 0, 0);
    return c;
}
void endContext(Context* c) {
    runEverything(c);
    for (Stream* s : c->streams) {
        streams.remove(s);
    }
    c->streams.clear();
    releaseAll(c);
    unloadModules(c);
    c->sticky = SUCCESS;
}
} // namespace driver

using namespace driver;
#define STREAM(variable, handle) \
    Stream* variable = streamOf(handle); \
    if (!variable) \
    return report(INVALID_HANDLE, std::string(callSite.name) + ": unknown or destroyed stream")
#define EVENT(variable, handle) \
    Event* variable = events.get(handle); \
    if (!variable) \
    return report(INVALID_HANDLE, std::string(callSite.name) + ": unknown or destroyed event")

// ---- streams ----
API cuStreamCreate(void** s, unsigned flags) {
    ENTER(cuStreamCreate);
    *s = newStream(current(), flags, 0);
    return SUCCESS;
}
API cuStreamCreateWithPriority(void** s, unsigned flags, int priority) {
    ENTER(cuStreamCreateWithPriority);
    *s = newStream(current(), flags, std::max(-5, std::min(0, priority)));
    return SUCCESS;
}
API cuStreamDestroy_v2(void* h) {
    ENTER(cuStreamDestroy);
    if (!h || h == (void*)1 || h == (void*)2) {
        return INVALID_HANDLE;
    }
    STREAM(s, h);
    // Pending work still completes after cuStreamDestroy; here it completes now.
    CUresult e = runStream(s);
    streams.remove(s);
    auto& list = s->context->streams;
    list.erase(std::find(list.begin(), list.end(), s));
    return e;
}
API cuStreamSynchronize(void* h) {
    ENTER(cuStreamSynchronize);
    STREAM(s, h);
    if (s->capture) {
        s->capture->broken = true;
        return report(CAPTURE_UNSUPPORTED, "cuStreamSynchronize on a capturing stream");
    }
    if (s == s->context->legacy) {
        append(s, "synchronize", nullptr);
    }
    CUresult e = runStream(s);
    if (!e && settings.guard >= 2 && !checkGuards("at cuStreamSynchronize")) {
        e = s->context->sticky = ILLEGAL_ADDRESS;
    }
    return e;
}
API cuCtxSynchronize() {
    ENTER(cuCtxSynchronize);
    if (CUresult e = refuseInCapture("cuCtxSynchronize")) {
        return e;
    }
    CUresult e = runEverything(current());
    if (!e && settings.guard >= 2 && !checkGuards("at cuCtxSynchronize")) {
        e = current()->sticky = ILLEGAL_ADDRESS;
    }
    return e;
}
API cuStreamQuery(void* h) {
    ENTER(cuStreamQuery);
    STREAM(s, h);
    bool idle = step(s);
    return s->context->sticky ? s->context->sticky : idle ? SUCCESS : NOT_READY;
}
API cuStreamGetPriority(void* h, int* p) {
    ENTER(cuStreamGetPriority);
    STREAM(s, h);
    *p = s->priority;
    return SUCCESS;
}
API cuStreamGetFlags(void* h, unsigned* f) {
    ENTER(cuStreamGetFlags);
    STREAM(s, h);
    *f = s->flags;
    return SUCCESS;
}
API cuStreamGetId(void* h, uint64_t* id) {
    ENTER(cuStreamGetId);
    STREAM(s, h);
    *id = s->id;
    return SUCCESS;
}
API cuStreamGetCtx(void* h, void** c) {
    ENTER(cuStreamGetCtx);
    STREAM(s, h);
    *c = s->context;
    return SUCCESS;
}
static CUresult hostCall(Stream* s, std::function<void()> f) {
    // On a thread of its own, as a driver does it: JCuda attaches and detaches the thread that calls back.
    return enqueue(s, "host function", [f] {
        std::thread t(f);
        t.join();
        return SUCCESS;
    });
}
API cuLaunchHostFunc(void* h, void (*f)(void*), void* data) {
    ENTER(cuLaunchHostFunc);
    STREAM(s, h);
    return hostCall(s, [=] { f(data); });
}
API cuStreamAddCallback(void* h, void (*f)(void*, CUresult, void*), void* data, unsigned) {
    ENTER(cuStreamAddCallback);
    STREAM(s, h);
    return hostCall(s, [=] { f(h, SUCCESS, data); });
}

// ---- events ----
API cuEventCreate(void** e, unsigned flags) {
    ENTER(cuEventCreate);
    *e = events.add(new Event{nullptr, !(flags & 2)});
    return SUCCESS;
}
API cuEventDestroy_v2(void* h) {
    ENTER(cuEventDestroy);
    EVENT(e, h);
    events.remove(e);
    return SUCCESS;
}
static CUresult recordEvent(Event* e, Stream* s) {
    e->capture = s->capture;
    e->captureStream = s;
    if (s->capture) {
        return SUCCESS;
    }
    e->recorded = append(s, "event", nullptr);
    return settings.lazy ? SUCCESS : execute(s->context, e->recorded);
}
API cuEventRecord(void* h, void* hs) {
    ENTER(cuEventRecord);
    EVENT(e, h);
    STREAM(s, hs);
    return recordEvent(e, s);
}
API cuEventRecordWithFlags(void* h, void* hs, unsigned) {
    ENTER(cuEventRecordWithFlags);
    EVENT(e, h);
    STREAM(s, hs);
    return recordEvent(e, s);
}
API cuEventSynchronize(void* h) {
    ENTER(cuEventSynchronize);
    EVENT(e, h);
    if (e->capture) {
        e->capture->broken = true;
        return report(CAPTURE_UNSUPPORTED, "cuEventSynchronize on a captured event");
    }
    return e->recorded ? execute(current(), e->recorded) : SUCCESS;
}
API cuEventQuery(void* h) {
    ENTER(cuEventQuery);
    EVENT(e, h);
    if (!e->recorded || e->recorded->done) {
        return SUCCESS;
    }
    OperationPtr op = e->recorded;
    while (op->previous && !op->previous->done) {
        op = op->previous;
    }
    CUresult r = execute(current(), op);
    return r ? r : NOT_READY;
}
API cuEventElapsedTime(float* ms, void* a, void* b) {
    ENTER(cuEventElapsedTime);
    EVENT(first, a);
    EVENT(second, b);
    if (!first->timing || !second->timing || !first->recorded || !second->recorded) {
        return INVALID_HANDLE;
    }
    if (!first->recorded->done || !second->recorded->done) {
        return NOT_READY;
    }
    *ms = (float)((second->recorded->finishedAt - first->recorded->finishedAt) * 1e3);
    return SUCCESS;
}
API cuStreamWaitEvent(void* hs, void* h, unsigned) {
    ENTER(cuStreamWaitEvent);
    STREAM(s, hs);
    EVENT(e, h);
    if (e->capture) { // s joins the capture, or a side stream joins the origin again
        if (!s->capture) {
            s->capture = e->capture;
            s->capture->unjoined.insert(s);
        }
        s->capture->unjoined.erase(e->captureStream);
        return SUCCESS;
    }
    if (s->capture || !e->recorded) {
        return SUCCESS; // an event from before the capture
    }
    OperationPtr op = append(s, "wait for event", nullptr);
    if (!e->recorded->done) {
        op->after.push_back(e->recorded);
    }
    return settings.lazy ? SUCCESS : execute(s->context, op);
}

// ---- capture and graphs: the calls in their order, replayed as one operation ----
API cuStreamBeginCapture_v2(void* h, int mode) {
    ENTER(cuStreamBeginCapture);
    STREAM(s, h);
    if (s == s->context->legacy || s->capture) {
        return report(CAPTURE_UNSUPPORTED, "cuStreamBeginCapture: the legacy or an already capturing stream");
    }
    s->capture = new Capture{new Graph, s, {}, false, mode};
    captures.push_back(s->capture);
    return SUCCESS;
}
API cuStreamEndCapture(void* h, void** graph) {
    ENTER(cuStreamEndCapture);
    STREAM(s, h);
    Capture* c = s->capture;
    if (!c || c->origin != s) {
        return INVALID_VALUE;
    }
    for (Stream* other : s->context->streams) {
        if (other->capture == c) {
            other->capture = nullptr;
        }
    }
    for (void* e : events.known) {
        if (((Event*)e)->capture == c) {
            ((Event*)e)->capture = nullptr;
        }
    }
    captures.erase(std::find(captures.begin(), captures.end(), c));
    *graph = nullptr;
    if (c->broken) {
        return report(CAPTURE_INVALIDATED, "cuStreamEndCapture: an unsupported call invalidated the capture");
    }
    c->unjoined.erase(s);
    if (!c->unjoined.empty()) {
        return report(
                CAPTURE_UNJOINED, "cuStreamEndCapture: a side stream was not joined to the capturing stream");
    }
    *graph = graphs.add(c->graph);
    return SUCCESS;
}
API cuStreamIsCapturing(void* h, int* status) {
    ENTER(cuStreamIsCapturing);
    STREAM(s, h);
    *status = !s->capture ? 0 : s->capture->broken ? 2 : 1;
    return SUCCESS;
}
API cuGraphInstantiateWithFlags(void** executable, void* graph, unsigned long long) {
    ENTER(cuGraphInstantiateWithFlags);
    Graph* g = graphs.get(graph);
    if (!g) {
        return INVALID_VALUE;
    }
    *executable = executables.add(new Graph(*g));
    return SUCCESS;
}
API cuGraphLaunch(void* executable, void* h) {
    ENTER(cuGraphLaunch);
    STREAM(s, h);
    Graph* g = executables.get(executable);
    if (!g) {
        return report(INVALID_VALUE, "cuGraphLaunch: unknown or destroyed graph");
    }
    auto nodes = g->nodes;
    return enqueue(s, "graph", [nodes] {
        for (auto& node : nodes) {
            if (CUresult e = node.second()) {
                return report(e, "in a graph, at " + node.first);
            }
        }
        return (CUresult)SUCCESS;
    });
}
API cuGraphUpload(void*, void*) {
    ENTER(cuGraphUpload);
    return SUCCESS;
}
API cuGraphGetNodes(void* graph, void** nodes, size_t* count) {
    ENTER(cuGraphGetNodes);
    Graph* g = graphs.get(graph);
    if (!g || nodes) {
        return NOT_SUPPORTED; // the count only
    }
    *count = g->nodes.size();
    return SUCCESS;
}
API cuGraphDestroy(void* g) {
    ENTER(cuGraphDestroy);
    if (!graphs.get(g)) {
        return INVALID_VALUE;
    }
    graphs.remove(g);
    return SUCCESS;
}
API cuGraphExecDestroy(void* g) {
    ENTER(cuGraphExecDestroy);
    if (!executables.get(g)) {
        return INVALID_VALUE;
    }
    executables.remove(g);
    return SUCCESS;
}
