// PlaneNet's form on disk.
#include <algorithm>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>

#include "graph_reading.hpp"
#include "plane_layout.hpp"
#include "plane_net.hpp"

namespace pyro::infer {

using namespace planes;

namespace {

// Raised whenever the fields, the order of the weights or the layout of the memory changes.
constexpr std::string_view kFormat = "planes 1 ";

struct Writer {
  std::string out;

  template <class... T>
  void operator()(T&... values) {
    (write(values), ...);
  }

 private:
  template <class T>
  void write(T& value) {
    if constexpr (requires { value.fields(*this); }) {
      value.fields(*this);
    } else {
      out.append(reinterpret_cast<const char*>(&value), sizeof value);
    }
  }
  template <class T>
  void write(std::vector<T>& values) {
    std::size_t size = values.size();
    write(size);
    for (T& value : values) write(value);
  }
};

struct Reader {
  std::string_view in;

  template <class... T>
  void operator()(T&... values) {
    (read(values), ...);
  }

 private:
  void bytes(void* to, std::size_t size) {
    require(size <= in.size());
    std::ranges::copy(in.substr(0, size), static_cast<char*>(to));
    in.remove_prefix(size);
  }
  template <class T>
  void read(T& value) {
    if constexpr (requires { value.fields(*this); }) {
      value.fields(*this);
    } else {
      bytes(&value, sizeof value);
    }
  }
  template <class T>
  void read(std::vector<T>& values) {
    std::size_t size = 0;
    read(size);
    require(size <= in.size());
    values.resize(size);
    if constexpr (std::is_arithmetic_v<T>) {
      require(size <= in.size() / sizeof(T));
      bytes(values.data(), size * sizeof(T));
    } else {
      for (T& value : values) read(value);
    }
  }
};

}  // namespace

std::string PlaneNet::stored() const {
  Writer writer{std::string(kFormat) + kernels_->name + "\n"};
  PlaneNet copy = *this;  // fields() serves reading as well, so it wants something that could change
  copy.fields(writer);
  return std::move(writer.out);
}

std::optional<PlaneNet> PlaneNet::restore(std::string_view bytes, const Kernels& kernels) {
  const std::string header = std::string(kFormat) + kernels.name + "\n";
  if (!bytes.starts_with(header)) return std::nullopt;
  return unless_unknown([&] {
    PlaneNet net;
    net.kernels_ = &kernels;
    Reader reader{bytes.substr(header.size())};
    net.fields(reader);
    require(reader.in.empty());
    return net;
  });
}

}  // namespace pyro::infer
