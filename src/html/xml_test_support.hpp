// Another opinion on our markup: libxml2 reads it and finds things in it.
#pragma once

#include <libxml/parser.h>
#include <libxml/xpath.h>

#include <memory>
#include <string>
#include <vector>

namespace pyro::html {

class Xml {
 public:
  explicit Xml(const std::string& text)
      : document_(xmlReadMemory(text.data(), static_cast<int>(text.size()), nullptr, nullptr,
                                XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NONET | XML_PARSE_HUGE),
                  xmlFreeDoc) {}
  [[nodiscard]] bool well_formed() const { return document_ != nullptr; }
  // The text of all nodes or attributes that the path finds. Elements go by local-name(), whatever their
  // namespace: h("svg") in the paths of the tests.
  [[nodiscard]] std::vector<std::string> find(const std::string& path) const {
    std::vector<std::string> found;
    if (!document_) return found;
    const std::unique_ptr<xmlXPathContext, void (*)(xmlXPathContext*)> context(
        xmlXPathNewContext(document_.get()), xmlXPathFreeContext);
    const std::unique_ptr<xmlXPathObject, void (*)(xmlXPathObject*)> object(
        xmlXPathEvalExpression(reinterpret_cast<const xmlChar*>(path.c_str()), context.get()),
        xmlXPathFreeObject);
    if (!object || object->nodesetval == nullptr) return found;
    for (int i = 0; i < object->nodesetval->nodeNr; ++i) {
      const std::unique_ptr<xmlChar, void (*)(void*)> content(
          xmlNodeGetContent(object->nodesetval->nodeTab[i]), [](void* text) { xmlFree(text); });
      found.emplace_back(reinterpret_cast<const char*>(content.get()));
    }
    return found;
  }

 private:
  std::unique_ptr<xmlDoc, void (*)(xmlDoc*)> document_;
};

// "//h('p')" → any p.
[[nodiscard]] inline std::string any(const std::string& name, const std::string& condition = "") {
  return "//*[local-name()='" + name + "'" + (condition.empty() ? "" : " and " + condition) + "]";
}

}  // namespace pyro::html
