/* Runs a .tflite network with Android's own library on each input of a file, through TensorFlow Lite's C API.
 *
 *     driver SHIM libtensorflowlite_jni.so MODEL.tflite INPUTS OUTPUTS xnnpack|plain
 *
 * INPUTS: the input tensor's bytes, one input after the other. OUTPUTS: for each input the bytes of every output tensor, in
 * their order. SHIM: the folder of the libraries that build.py makes. Kernels: "xnnpack", asked for as the Java API does;
 * "plain", without it, which is what this C API does unasked. Says on stdout: version, inputs, milliseconds of processor
 * time for all of them on one thread.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#ifdef __aarch64__
/* Android keeps the stack's guard at the thread's pointer + 40, where glibc has a program's own thread variables:
 * this one is first, and nothing writes into it. */
__thread volatile char guard[256] __attribute__((aligned(16))) = {1};
#endif

typedef struct { /* returned in memory: the library fills in as much as its version has, the rest stays unread */
    int32_t threads;
    char rest[252];
} XnnpackOptions;

static const char *const NEEDED[] = {"libc.so", "libm.so", "libdl.so", "liblog.so"};
static void *library;

static void fail(const char *what, const char *why) {
    fprintf(stderr, "driver: %s: %s\n", what, why ? why : "failed");
    exit(1);
}

static void *opened(const char *path, int flags) {
    void *handle = dlopen(path, flags);
    if (!handle) fail(path, dlerror());
    return handle;
}

static void *function(const char *name) {
    void *found = dlsym(library, name);
    if (!found) fail(name, dlerror());
    return found;
}
#define CALL(type, name, ...) ((type(*)())function(#name))(__VA_ARGS__)

static char *content(const char *path, size_t *size) {
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END)) fail(path, "cannot be read");
    *size = (size_t)ftell(file);
    rewind(file);
    char *bytes = aligned_alloc(64, (*size / 64 + 1) * 64);
    if (!bytes || fread(bytes, 1, *size, file) != *size) fail(path, "cannot be read");
    fclose(file);
    return bytes;
}

static void *delegate_for(const char *kernels) {
    if (!strcmp(kernels, "plain")) return NULL;
    XnnpackOptions options = ((XnnpackOptions(*)(void))function("TfLiteXNNPackDelegateOptionsDefault"))();
    options.threads = 1;
    return CALL(void *, TfLiteXNNPackDelegateCreate, &options);
}

int main(int count, char **values) {
    if (count != 7) fail("usage", "SHIM LIBRARY MODEL INPUTS OUTPUTS xnnpack|plain");
#ifdef __aarch64__
    if ((uintptr_t)guard > (uintptr_t)__builtin_thread_pointer() + 40 ||
        (uintptr_t)guard + sizeof guard < (uintptr_t)__builtin_thread_pointer() + 48)
        fail("driver", "the stack's guard is not where nothing is written");
#endif
    for (size_t index = 0; index < sizeof NEEDED / sizeof *NEEDED; index++) {
        char path[4096]; /* once one of that name is there, the library's own wish for it is met */
        snprintf(path, sizeof path, "%s/%s", values[1], NEEDED[index]);
        opened(path, RTLD_NOW | RTLD_GLOBAL);
    }
    library = opened(values[2], RTLD_NOW);
    size_t model_bytes, given_bytes;
    char *model_content = content(values[3], &model_bytes), *given = content(values[4], &given_bytes);
    void *model = CALL(void *, TfLiteModelCreate, model_content, model_bytes);
    if (!model) fail(values[3], "not a model that the library reads");
    void *options = CALL(void *, TfLiteInterpreterOptionsCreate, 0), *delegate = delegate_for(values[6]);
    CALL(void, TfLiteInterpreterOptionsSetNumThreads, options, 1);
    if (delegate) CALL(void, TfLiteInterpreterOptionsAddDelegate, options, delegate);
    void *interpreter = CALL(void *, TfLiteInterpreterCreate, model, options);
    if (!interpreter || CALL(int, TfLiteInterpreterAllocateTensors, interpreter)) fail(values[3], "cannot be prepared");

    void *input = CALL(void *, TfLiteInterpreterGetInputTensor, interpreter, 0);
    size_t input_bytes = CALL(size_t, TfLiteTensorByteSize, input);
    int outputs = CALL(int, TfLiteInterpreterGetOutputTensorCount, interpreter);
    if (!given_bytes || given_bytes % input_bytes) fail(values[4], "not a whole number of inputs");
    FILE *answers = fopen(values[5], "wb");
    if (!answers) fail(values[5], "cannot be written");
    struct timespec begin, end;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &begin);
    for (size_t place = 0; place < given_bytes; place += input_bytes) {
        if (CALL(int, TfLiteTensorCopyFromBuffer, input, given + place, input_bytes)) fail("input", NULL);
        if (CALL(int, TfLiteInterpreterInvoke, interpreter)) fail("invoke", NULL);
        for (int index = 0; index < outputs; index++) {
            void *output = CALL(void *, TfLiteInterpreterGetOutputTensor, interpreter, index);
            fwrite(CALL(void *, TfLiteTensorData, output), 1, CALL(size_t, TfLiteTensorByteSize, output), answers);
        }
    }
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
    if (fclose(answers)) fail(values[5], "cannot be written");
    double ms = (double)(end.tv_sec - begin.tv_sec) * 1e3 + (double)(end.tv_nsec - begin.tv_nsec) / 1e6;
    printf("%s %zu %.3f\n", CALL(const char *, TfLiteVersion, 0), given_bytes / input_bytes, ms);
    CALL(void, TfLiteInterpreterDelete, interpreter);
    if (delegate) CALL(void, TfLiteXNNPackDelegateDelete, delegate);
    CALL(void, TfLiteInterpreterOptionsDelete, options);
    CALL(void, TfLiteModelDelete, model);
    return 0;
}
