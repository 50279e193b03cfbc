// What a value must be like, by a JSON Schema (draft 7). Read once; asking is free of shared state.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "pyro/serve/problem.hpp"

namespace pyro::serve {

// The part of the document that a node's $ref names, or the node itself. Both must outlive what comes back.
[[nodiscard]] const Json& resolved(const Json& document, const Json& node);

class Shape {
 public:
  explicit Shape(const Json& schema);
  ~Shape();
  Shape(const Shape&) = delete;
  Shape& operator=(const Shape&) = delete;
  // Each place (a JSON pointer) with what is wrong there, the innermost first.
  [[nodiscard]] Json faults(const Json& value) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// A body of one shape; or, where the contract names a discriminator, of one shape for each of its values: so
// that what is told is what is wrong with the one that was meant.
class BodyShapes {
 public:
  BodyShapes(const Json& document, const Json& schema);
  [[nodiscard]] Json faults(const Json& value) const;

 private:
  [[nodiscard]] std::string all() const;
  std::unique_ptr<Shape> only_;
  std::string by_;
  std::map<std::string, std::unique_ptr<Shape>> shapes_;
};

}  // namespace pyro::serve
