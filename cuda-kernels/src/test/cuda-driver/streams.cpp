// Streams and events. Eager mode runs an operation when it is queued. Lazy mode runs it only when somebody
// waits for it, and then only what CUDA's rules of order force to run before it.
#include <algorithm>
#include "driver.h"

namespace driver {
Handles<Event> events{"events"};
static Handles<Stream> streams{"streams"};

CUresult execute(Context* c, const OperationPtr& target) {
    // Depth first with a stack of its own: a stream may hold any number of operations.
    std::vector<OperationPtr> stack{target};
    while (!stack.empty()) {
        OperationPtr op = stack.back(), needed;
        if (!op->done) {
            needed = op->previous && !op->previous->done ? op->previous : nullptr;
            for (size_t i = 0; !needed && i < op->after.size(); i++) {
                needed = op->after[i]->done ? nullptr : op->after[i];
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
        auto body = std::move(op->body);
        op->body = nullptr;
        if (body && !c->sticky) {
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
    } else if (settings.streams == Order::random) {
        for (size_t i = list.size(); i-- > 1;) {
            std::swap(list[i], list[randomNumber() % (i + 1)]);
        }
    }
    for (Stream* s : list) {
        runStream(s);
    }
    return c->sticky;
}
// One operation of those that lead to this one, so that whoever polls gets there: true = it is done.
static bool step(Context* c, const OperationPtr& target) {
    if (!target || target->done) {
        return true;
    }
    OperationPtr op = target;
    while (op->previous && !op->previous->done) {
        op = op->previous;
    }
    execute(c, op);
    return false;
}

static OperationPtr append(Stream* s, std::function<CUresult()> body) {
    auto op = std::make_shared<Operation>(Operation{std::move(body)});
    auto after = [&](const OperationPtr& other) {
        if (other && !other->done) {
            op->after.push_back(other);
        }
    };
    if (s->last && !s->last->done) {
        op->previous = s->last;
    }
    Stream* legacy = s->context->legacy;
    if (s == legacy) {
        for (Stream* other : s->context->streams) {
            if (other->blocking && other != s) {
                after(other->last);
            }
        }
    } else if (s->blocking) {
        after(legacy->last);
    }
    s->last = op;
    return op;
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
    if (s == s->context->legacy && refuseInCapture((name + " on the legacy stream").c_str())) {
        return CAPTURE_IMPLICIT;
    }
    OperationPtr op = append(s, std::move(body));
    return settings.lazy ? SUCCESS : execute(s->context, op);
}

Stream* streamOf(void* handle) { // null and 1 name the legacy stream
    return (uintptr_t)handle <= 1 ? current()->legacy : streams.get(handle);
}

Context* newContext() {
    auto c = new Context;
    c->legacy = new Stream{c, true};
    c->streams.push_back(c->legacy);
    return c;
}
void endContext(Context* c) {
    runEverything(c);
    for (Stream* s : c->streams) {
        if (s != c->legacy) {
            streams.remove(s);
        }
    }
    c->streams.clear();
    releaseAll(c);
    unloadModules(c);
}
static CUresult checkAllGuards(Context* c, const char* who) {
    if (!c->sticky && settings.guard >= Guard::launch && !checkGuards(who)) {
        c->sticky = ILLEGAL_ADDRESS;
    }
    return c->sticky;
}
} // namespace driver

using namespace driver;

// ---- streams ----
API cuStreamCreateWithPriority(void** s, unsigned flags, int) {
    ENTER(cuStreamCreateWithPriority)
    auto stream = streams.add(new Stream{current(), !(flags & 1)});
    current()->streams.push_back(stream);
    *s = stream;
    return SUCCESS;
}
API cuStreamCreate(void** s, unsigned flags) {
    ENTER(cuStreamCreate)
    auto stream = streams.add(new Stream{current(), !(flags & 1)});
    current()->streams.push_back(stream);
    *s = stream;
    return SUCCESS;
}
API cuStreamDestroy_v2(void* h) {
    ENTER(cuStreamDestroy)
    STREAM(s, h)
    if (s == s->context->legacy) {
        return INVALID_HANDLE;
    }
    CUresult e = runStream(s); // pending work is still done
    streams.remove(s);
    auto& list = s->context->streams;
    list.erase(std::find(list.begin(), list.end(), s));
    return e;
}
API cuStreamSynchronize(void* h) {
    ENTER(cuStreamSynchronize)
    STREAM(s, h)
    if (s->capture) {
        s->capture->broken = true;
        return report(CAPTURE_UNSUPPORTED, "cuStreamSynchronize of a capturing stream");
    }
    if (s == s->context->legacy) {
        append(s, nullptr); // waits for the blocking streams too
    }
    return runStream(s);
}
API cuCtxSynchronize() {
    ENTER(cuCtxSynchronize)
    if (CUresult e = refuseInCapture(self)) {
        return e;
    }
    runEverything(current());
    return checkAllGuards(current(), self);
}
API cuStreamQuery(void* h) {
    ENTER(cuStreamQuery)
    STREAM(s, h)
    bool idle = step(s->context, s->last);
    return s->context->sticky ? s->context->sticky : idle ? SUCCESS : NOT_READY;
}
API cuCtxGetStreamPriorityRange(int* least, int* greatest) {
    ENTER(cuCtxGetStreamPriorityRange)
    *least = 0;
    *greatest = -5;
    return SUCCESS;
}

// ---- events ----
API cuEventCreate(void** e, unsigned flags) {
    ENTER(cuEventCreate)
    *e = events.add(new Event{!(flags & 2)});
    return SUCCESS;
}
API cuEventDestroy_v2(void* h) {
    ENTER(cuEventDestroy)
    EVENT(e, h)
    events.remove(e);
    return SUCCESS;
}
API cuEventRecord(void* h, void* hs) {
    ENTER(cuEventRecord)
    EVENT(e, h)
    STREAM(s, hs)
    e->capture = s->capture;
    e->captureStream = s;
    if (s->capture) {
        return SUCCESS;
    }
    e->recorded = append(s, nullptr);
    return settings.lazy ? SUCCESS : execute(s->context, e->recorded);
}
API cuEventSynchronize(void* h) {
    ENTER(cuEventSynchronize)
    EVENT(e, h)
    if (e->capture) {
        e->capture->broken = true;
        return report(CAPTURE_UNSUPPORTED, "cuEventSynchronize of a captured event");
    }
    return e->recorded ? execute(current(), e->recorded) : SUCCESS;
}
API cuEventQuery(void* h) {
    ENTER(cuEventQuery)
    EVENT(e, h)
    bool done = step(current(), e->recorded);
    return current()->sticky ? current()->sticky : done ? SUCCESS : NOT_READY;
}
API cuEventElapsedTime(float* ms, void* a, void* b) {
    ENTER(cuEventElapsedTime)
    EVENT(first, a)
    EVENT(second, b)
    if (!first->timing || !second->timing || !first->recorded || !second->recorded) {
        return report(INVALID_HANDLE, "cuEventElapsedTime: an event without timing, or not recorded");
    }
    if (!first->recorded->done || !second->recorded->done) {
        return NOT_READY;
    }
    *ms = (float)((second->recorded->finishedAt - first->recorded->finishedAt) * 1e3);
    return SUCCESS;
}
API cuStreamWaitEvent(void* hs, void* h, unsigned) {
    ENTER(cuStreamWaitEvent)
    STREAM(s, hs)
    EVENT(e, h)
    if (joinCapture(s, e) || s->capture || !e->recorded) { // in a capture, an event from before it is past
        return SUCCESS;
    }
    OperationPtr op = append(s, nullptr);
    if (!e->recorded->done) {
        op->after.push_back(e->recorded);
    }
    return settings.lazy ? SUCCESS : execute(s->context, op);
}
