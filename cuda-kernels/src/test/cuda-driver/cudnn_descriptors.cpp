// The cuDNN of the software driver: versions, handles, descriptors.
#include "cudnn.h"

extern "C" EMULATION_API size_t cudnnGetVersion() {
    return 90400;
}
extern "C" EMULATION_API size_t cudnnGetCudartVersion() {
    return 12060;
}
extern "C" EMULATION_API const char* cudnnGetErrorString(Status status) {
    switch (status) {
        case SUCCESS: return "CUDNN_STATUS_SUCCESS";
        case NOT_INITIALIZED: return "CUDNN_STATUS_NOT_INITIALIZED";
        case BAD_PARAM: return "CUDNN_STATUS_BAD_PARAM";
        case NOT_SUPPORTED: return "CUDNN_STATUS_NOT_SUPPORTED";
        case 4000: return "CUDNN_STATUS_INTERNAL_ERROR";
        case EXECUTION_FAILED: return "CUDNN_STATUS_EXECUTION_FAILED";
        default: return "CUDNN_STATUS_UNKNOWN";
    }
}

// ---- handles: a destroyed one is kept, so that using it is an error and no crash ----
API cudnnCreate(Handle** h) {
    COUNT(cudnnCreate)
    *h = new Handle;
    emulation::hold("cuDNN handles", 1);
    return SUCCESS;
}
API cudnnDestroy(Handle* h) {
    ENTER(cudnnDestroy, h)
    h->alive = false;
    emulation::hold("cuDNN handles", -1);
    return SUCCESS;
}
API cudnnSetStream(Handle* h, void* stream) {
    ENTER(cudnnSetStream, h)
    h->stream = stream;
    return SUCCESS;
}
API cudnnGetStream(Handle* h, void** stream) {
    ENTER(cudnnGetStream, h)
    *stream = h->stream;
    return SUCCESS;
}

// ---- descriptors ----
#define DESCRIPTOR(Name, Type) \
    API cudnnCreate##Name##Descriptor(Type** d) { \
        COUNT(cudnnCreate##Name##Descriptor) \
        *d = new Type; \
        emulation::hold("cuDNN descriptors", 1); \
        return SUCCESS; \
    } \
    API cudnnDestroy##Name##Descriptor(Type* d) { \
        COUNT(cudnnDestroy##Name##Descriptor) \
        delete d; \
        emulation::hold("cuDNN descriptors", -1); \
        return SUCCESS; \
    }
DESCRIPTOR(Tensor, Tensor)
DESCRIPTOR(Filter, Tensor)
DESCRIPTOR(Convolution, Convolution)

static Status set(
        Tensor* t, const char* name, int type, int format, int count, const int* dims, const int* strides) {
    if (!t || count != 4 || format != 0 || (type != FLOAT && type != DOUBLE)) {
        return bad(name, "the software cuDNN has NCHW, 4 dimensions, float and double", NOT_SUPPORTED);
    }
    for (int i = 0; i < 4; i++) {
        if (dims[i] <= 0) {
            return bad(name, "dimension " + std::to_string(i) + " is " + std::to_string(dims[i]));
        }
    }
    t->pack(type, dims);
    if (strides) {
        std::copy(strides, strides + 4, t->strides);
    }
    return SUCCESS;
}
API cudnnSetTensor4dDescriptor(Tensor* t, int format, int type, int n, int c, int h, int w) {
    COUNT(cudnnSetTensor4dDescriptor)
    const int dims[] = {n, c, h, w};
    return set(t, call, type, format, 4, dims, nullptr);
}
API cudnnSetTensor4dDescriptorEx(
        Tensor* t, int type, int n, int c, int h, int w, int strideN, int strideC, int strideH, int strideW) {
    COUNT(cudnnSetTensor4dDescriptorEx)
    const int dims[] = {n, c, h, w}, strides[] = {strideN, strideC, strideH, strideW};
    return set(t, call, type, 0, 4, dims, strides);
}
API cudnnSetTensorNdDescriptor(Tensor* t, int type, int count, const int* dims, const int* strides) {
    COUNT(cudnnSetTensorNdDescriptor)
    return set(t, call, type, 0, count, dims, strides);
}
API cudnnSetFilter4dDescriptor(Tensor* t, int type, int format, int k, int c, int r, int s) {
    COUNT(cudnnSetFilter4dDescriptor)
    const int dims[] = {k, c, r, s};
    return set(t, call, type, format, 4, dims, nullptr);
}
API cudnnSetFilterNdDescriptor(Tensor* t, int type, int format, int count, const int* dims) {
    COUNT(cudnnSetFilterNdDescriptor)
    return set(t, call, type, format, count, dims, nullptr);
}

API cudnnSetConvolution2dDescriptor(Convolution* c, int padH, int padW, int strideH, int strideW,
        int dilationH, int dilationW, int mode, int compute) {
    COUNT(cudnnSetConvolution2dDescriptor)
    if (padH < 0 || padW < 0 || strideH < 1 || strideW < 1 || dilationH < 1 || dilationW < 1) {
        return bad(call, "negative padding, or stride or dilation below 1");
    }
    *c = {{padH, padW}, {strideH, strideW}, {dilationH, dilationW}, mode, compute, 1, 0};
    return SUCCESS;
}
API cudnnSetConvolutionNdDescriptor(Convolution* c, int count, const int* pad, const int* stride,
        const int* dilation, int mode, int compute) {
    if (count != 2) {
        return bad("cudnnSetConvolutionNdDescriptor", "the software cuDNN has 2 dimensions", NOT_SUPPORTED);
    }
    return cudnnSetConvolution2dDescriptor(
            c, pad[0], pad[1], stride[0], stride[1], dilation[0], dilation[1], mode, compute);
}
API cudnnSetConvolutionGroupCount(Convolution* c, int groups) {
    COUNT(cudnnSetConvolutionGroupCount)
    if (groups < 1) {
        return bad(call, "less than one group");
    }
    c->groups = groups;
    return SUCCESS;
}
API cudnnGetConvolutionGroupCount(Convolution* c, int* groups) {
    COUNT(cudnnGetConvolutionGroupCount)
    *groups = c->groups;
    return SUCCESS;
}
API cudnnSetConvolutionMathType(Convolution* c, int math) {
    COUNT(cudnnSetConvolutionMathType)
    c->math = math;
    return SUCCESS;
}
API cudnnGetConvolutionMathType(Convolution* c, int* math) {
    COUNT(cudnnGetConvolutionMathType)
    *math = c->math;
    return SUCCESS;
}
