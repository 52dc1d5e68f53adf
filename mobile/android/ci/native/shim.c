/* What Android's libc has and glibc has not, or has otherwise: enough for libtensorflowlite_jni.so to run on Linux.
 *
 * mobile/android/ci/native/build.py links this into a library that calls itself libc.so, with a stub for each name that
 * the .so asks for: it jumps to bionic_NAME where there is one here, else to glibc's function of the same name. Numbers
 * are those of bionic's headers, 64 bits. Both C libraries take their types from the kernel, so most calls need nothing.
 */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* stdin, stdout and stderr are places in an array there, of 152 bytes each. */
enum { FILE_BYTES = 152 };
char bionic_sF[3 * FILE_BYTES] __attribute__((aligned(16)));
__asm__(".symver bionic_sF,__sF@LIBC");

static FILE *file_of(void *file) {
    const char *place = file;
    if (place < bionic_sF || place >= bionic_sF + sizeof bionic_sF) return file;
    return ((FILE *[]){stdin, stdout, stderr})[(place - bionic_sF) / FILE_BYTES];
}

int bionic_vfprintf(void *file, const char *format, va_list values) { return vfprintf(file_of(file), format, values); }

int bionic_fprintf(void *file, const char *format, ...) {
    va_list values;
    va_start(values, format);
    int written = vfprintf(file_of(file), format, values);
    va_end(values);
    return written;
}

int bionic_fputc(int character, void *file) { return fputc(character, file_of(file)); }
size_t bionic_fwrite(const void *from, size_t size, size_t count, void *file) {
    return fwrite(from, size, count, file_of(file));
}
size_t bionic_fread(void *to, size_t size, size_t count, void *file) { return fread(to, size, count, file_of(file)); }
int bionic_fflush(void *file) { return fflush(file ? file_of(file) : NULL); }
int bionic_fileno(void *file) { return fileno(file_of(file)); }
int bionic_fclose(void *file) { return fclose(file_of(file)); }

int *bionic___errno(void) { return &errno; }

/* The form that _POSIX_C_SOURCE asks for: glibc has another one under this name. */
int bionic_strerror_r(int number, char *text, size_t size) { return strerror_r(number, text, size); }

size_t bionic___strlen_chk(const char *text, size_t size) {
    (void)size;
    return strlen(text);
}

/* bionic's mutex has 40 bytes, glibc's on ARM64 48: its own pthread_mutex_init would write behind the end. What the
 * calls use lies within 40, and zeros are an ordinary mutex in both. Attributes are never given by this library. */
int bionic_pthread_mutex_init(void *mutex, const void *attributes) {
    if (attributes) return ENOTSUP;
    memset(mutex, 0, 40);
    return 0;
}

long bionic_sysconf(int name) {
    switch (name) {
        case 0x27:
        case 0x28: return sysconf(_SC_PAGESIZE);
        case 0x60: return sysconf(_SC_NPROCESSORS_CONF);
        case 0x61: return sysconf(_SC_NPROCESSORS_ONLN);
        case 0x62: return sysconf(_SC_PHYS_PAGES);
        case 0x63: return sysconf(_SC_AVPHYS_PAGES);
    }
    fprintf(stderr, "shim: sysconf(%#x) is not mapped\n", name);
    errno = EINVAL;
    return -1;
}

/* No property of the system is set. */
int bionic___system_property_get(const char *name, char *value) {
    (void)name;
    value[0] = 0;
    return 0;
}

/* The library says each line on stderr too. */
int __android_log_vprint(int priority, const char *tag, const char *format, va_list values) {
    (void)priority, (void)tag, (void)format, (void)values;
    return 0;
}

void bionic_android_set_abort_message(const char *message) { fprintf(stderr, "abort: %s\n", message); }
