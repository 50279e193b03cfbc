#include "markup.hpp"

#include <memory>

namespace pyro::pdf {
namespace {

using Chars = std::unique_ptr<xmlChar, void (*)(xmlChar*)>;

std::string taken(xmlChar* text) {
  const Chars held(text, [](xmlChar* one) { xmlFree(one); });
  return held ? reinterpret_cast<const char*>(held.get()) : "";
}

}  // namespace

bool is(const xmlNode* node, std::string_view name) {
  return node != nullptr && node->type == XML_ELEMENT_NODE &&
         name == reinterpret_cast<const char*>(node->name);
}

std::string attribute(const xmlNode* node, const char* name) {
  return taken(xmlGetProp(node, reinterpret_cast<const xmlChar*>(name)));
}

bool has_class(const xmlNode* node, std::string_view name) {
  const std::string classes = " " + attribute(node, "class") + " ";
  return classes.find(" " + std::string(name) + " ") != std::string::npos;
}

std::string raw_text(const xmlNode* node) {
  return taken(xmlNodeGetContent(node));
}

std::string text(const xmlNode* node) {
  std::string out;
  for (const char c : raw_text(node)) {
    const bool blank = c == ' ' || c == '\n' || c == '\t' || c == '\r';
    if (!blank) {
      out += c;
    } else if (!out.empty() && out.back() != ' ') {
      out += ' ';
    }
  }
  if (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

std::vector<const xmlNode*> children(const xmlNode* node) {
  std::vector<const xmlNode*> found;
  if (node == nullptr) return found;
  for (const xmlNode* one = node->children; one != nullptr; one = one->next)
    if (one->type == XML_ELEMENT_NODE) found.push_back(one);
  return found;
}

std::vector<const xmlNode*> children(const xmlNode* node, std::string_view name) {
  std::vector<const xmlNode*> found = children(node);
  std::erase_if(found, [name](const xmlNode* one) { return !is(one, name); });
  return found;
}

const xmlNode* find(const xmlNode* node, std::string_view name) {
  for (const xmlNode* one : children(node)) {
    if (is(one, name)) return one;
    if (const xmlNode* inside = find(one, name)) return inside;
  }
  return nullptr;
}

std::string source(const xmlNode* node) {
  const std::unique_ptr<xmlBuffer, void (*)(xmlBufferPtr)> buffer(xmlBufferCreate(), xmlBufferFree);
  // libxml2 takes the node as one that it might change; it does not.
  xmlNodeDump(buffer.get(), node->doc, const_cast<xmlNode*>(node), 0, 0);
  return reinterpret_cast<const char*>(xmlBufferContent(buffer.get()));
}

}  // namespace pyro::pdf
