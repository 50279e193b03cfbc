// Counts the heap allocations of our own code, for tests that show there are none per frame. Include it in
// one source file of a test program: it replaces the program's operator new.
#pragma once

#include <dlfcn.h>

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <new>

namespace pyro::allocations {

// A sanitizer brings its own allocator; there the count stays 0 and means nothing.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool kCountsAllocations = false;
#else
inline constexpr bool kCountsAllocations = true;
#endif

inline std::atomic<bool> counting{false};
inline std::atomic<long> counted{0};

// Ours: called from this program, or from the C++ library on its behalf; not from the inference engine or the
// decoder.
inline bool is_ours(const void* caller) {
  Dl_info info{};
  if (dladdr(caller, &info) == 0 || info.dli_fname == nullptr) return true;
  const char* slash = std::strrchr(info.dli_fname, '/');
  const char* name = slash != nullptr ? slash + 1 : info.dli_fname;
  return std::strncmp(name, "lib", 3) != 0 || std::strncmp(name, "libstdc++", 9) == 0;
}

inline void start_counting() {
  counted = 0;
  counting = true;
}
// Since start_counting().
inline long stop_counting() {
  counting = false;
  return counted;
}

}  // namespace pyro::allocations

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
// NOLINTBEGIN(misc-definitions-in-headers): only one source of a program includes this.
// Not inlined: GCC 12 would see malloc's memory freed and not the pair of operators.
[[gnu::noinline]] void* operator new(std::size_t size) {
  using namespace pyro::allocations;
  if (counting.load(std::memory_order_relaxed) && is_ours(__builtin_return_address(0))) ++counted;
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}
// NOLINTEND(misc-definitions-in-headers)
#endif
